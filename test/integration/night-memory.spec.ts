import { createTestTenant, openTestDatabase, TestNights, type TestDatabase } from '#libs/testing';
import { interactions } from './grocer-nights.js';

let database: TestDatabase;
let nights: TestNights;

beforeAll(async () => {
  database = await openTestDatabase(process.env);
  nights = await TestNights.open(database);
});

afterAll(async () => {
  await nights.close();
  await database.close();
});

describe('a worker with too little memory', () => {
  it('leaves out what does not fit, says so, and compares the rest', async () => {
    const recipe = { algorithm: 'svdpp', params: { factors: 128 } };
    const tenant = await createTestTenant(database, { settings: { recipe } });
    await nights.load(tenant, interactions);
    // Enough for the models of every night, and not for the tenant's own.
    const { outcome, warnings } = await nights.run(tenant, { fitMemoryBytes: 2 ** 23 });
    expect(outcome).toBe('promoted');
    const refusal =
      /^Fitting svdpp may need [\d,]+ bytes \(\d+ MB\); there are 8,388,608 bytes \(8 MB\)\. It is left out\.$/;
    expect(warnings).toEqual([expect.stringMatching(refusal)]);
    const [{ metrics }] = await nights.registry.list(tenant.id, 10);
    expect(Object.keys(metrics.candidates as object).sort()).toEqual([
      'hybrid',
      'ials',
      'item-cf',
      'popularity',
    ]);
    expect(metrics.leftOut).toEqual({ svdpp: { code: 'notEnoughMemory', message: expect.any(String) } });
  });

  it('fails a run in which nothing but popularity fits, and keeps what is served', async () => {
    const tenant = await createTestTenant(database);
    await nights.load(tenant, interactions);
    await nights.run(tenant);
    const before = await nights.registry.pointer(tenant.id);
    const starved = nights.run(tenant, { fitMemoryBytes: 4096 });
    await expect(starved).rejects.toMatchObject({
      stage: 'train',
      cause: {
        code: 'notEnoughMemory',
        message: expect.stringMatching(/Fitting item-cf .* Fitting ials .* hybrid/),
      },
    });
    expect(await nights.registry.pointer(tenant.id)).toEqual(before);
  });
});
