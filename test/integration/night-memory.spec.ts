import { createTestTenant, useTestNights } from '#libs/testing';
import { interactions, newcomersPurchases } from './grocer-nights.js';

const under = useTestNights(process.env);

describe('a worker with too little memory', () => {
  it('leaves out what does not fit, says so, and compares the rest', async () => {
    const recipe = { algorithm: 'svdpp', params: { factors: 128 } };
    const tenant = await createTestTenant(under.database, { settings: { recipe } });
    await under.nights.load(tenant, interactions);
    // Enough for the models of every night, and not for the tenant's own.
    const { outcome, warnings } = await under.nights.run(tenant, { fitMemoryBytes: 2 ** 23 });
    expect(outcome).toBe('promoted');
    const refusal =
      /^Fitting svdpp may need [\d,]+ bytes \(\d+ MB\); there are 8,388,608 bytes \(8 MB\)\. It is left out\.$/;
    expect(warnings).toEqual([expect.stringMatching(refusal)]);
    const [{ metrics }] = await under.nights.registry.list(tenant.id, 10);
    expect(Object.keys(metrics.candidates as object).sort()).toEqual([
      'hybrid',
      'ials',
      'item-cf',
      'popularity',
    ]);
    expect(metrics.leftOut).toEqual({ svdpp: { code: 'notEnoughMemory', message: expect.any(String) } });
  });

  it('fails a run in which nothing but popularity fits, and keeps what is served', async () => {
    const tenant = await createTestTenant(under.database);
    await under.nights.load(tenant, interactions);
    await under.nights.run(tenant);
    const before = await under.nights.registry.pointer(tenant.id);
    await under.nights.load(tenant, newcomersPurchases());
    const starved = under.nights.run(tenant, { fitMemoryBytes: 4096 });
    await expect(starved).rejects.toMatchObject({
      stage: 'train',
      cause: {
        code: 'notEnoughMemory',
        message: expect.stringMatching(/Fitting item-cf .* Fitting ials .* hybrid/),
      },
    });
    expect(await under.nights.registry.pointer(tenant.id)).toEqual(before);
  });
});
