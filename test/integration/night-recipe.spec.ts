import { createTestTenant, useTestNights } from '#libs/testing';
import { interactions } from './grocer-nights.js';

const under = useTestNights(process.env);

describe('a tenant’s own recipe', () => {
  it('is trained with its parameters beside the models of every night, and tuned within its budget', async () => {
    const recipe = { algorithm: 'rp3beta', params: { neighbours: 20 } };
    const tenant = await createTestTenant(under.database, { settings: { recipe, tuningSeconds: 1 } });
    await under.nights.load(tenant, interactions);
    expect((await under.nights.run(tenant)).outcome).toBe('promoted');
    const [{ metrics }] = await under.nights.registry.list(tenant.id, 10);
    const names = ['hybrid', 'ials', 'item-cf', 'popularity', 'rp3beta'];
    expect(Object.keys(metrics.candidates as object).sort()).toEqual(names);
    const tuning = metrics.tuning as { algorithm: string; trials: { params: object }[] };
    expect(tuning.algorithm).toBe('rp3beta');
    for (const { params } of tuning.trials) expect(params).toMatchObject({ neighbours: 20 });
  });

  it('ends the night when it is no recipe', async () => {
    const recipe = { algorithm: 'svd' };
    const tenant = await createTestTenant(under.database, { settings: { recipe } });
    await under.nights.load(tenant, interactions);
    await expect(under.nights.run(tenant)).rejects.toMatchObject({ cause: { code: 'invalidSettings' } });
  });
});
