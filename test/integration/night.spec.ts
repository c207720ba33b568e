import { countryFallback, OVERALL_FALLBACK, type Tenant } from '#libs/domain';
import { createTestTenant, useTestNights } from '#libs/testing';
import { customersOf, interactions, lastDay, newcomersPurchases } from './grocer-nights.js';

const under = useTestNights(process.env);
let tenant: Tenant;

beforeAll(async () => {
  tenant = await createTestTenant(under.database);
  await under.nights.load(tenant, interactions);
});

describe('a tenant’s first nights', () => {
  it('promotes a model that ranks better than popularity, and writes down why', async () => {
    expect((await under.nights.run(tenant)).outcome).toBe('promoted');
    const [verdict] = await under.nights.registry.verdicts(tenant.id, 10);
    expect(verdict).toMatchObject({
      lane: 'first',
      promoted: true,
      reasonCode: 'better',
      championVersion: undefined,
    });
    const [champion] = await under.nights.registry.list(tenant.id, 10);
    expect(champion).toMatchObject({ version: 1, status: 'champion', seed: 1, codeVersion: 'test' });
    const candidates = champion.metrics.candidates as Record<string, Record<string, number>>;
    expect(candidates[champion.recipe.algorithm]['ndcg@10']).toBeGreaterThan(
      1.5 * candidates.popularity['ndcg@10'],
    );
    for (const metric of ['rmse', 'precision@5', 'recall@10', 'ndcg@5', 'mrr@10', 'hit@10', 'coverage@10']) {
      expect(candidates.hybrid[metric]).toBeGreaterThan(0);
    }
  });

  it('ranks every customer, and somebody unknown', async () => {
    const { rows } = await customersOf(under.database, tenant);
    await under.nights.servedLists(tenant, (reader) => {
      for (const { customer_id } of rows) {
        const fallback = reader.fallbackList(reader.fallbackOf(customer_id) ?? '', 10);
        const list = reader.customerList(customer_id, 10) ?? fallback ?? [];
        expect(list).toHaveLength(10);
        expect(new Set(list.map(({ productId }) => productId)).size).toBe(10);
      }
      expect(reader.fallbackList(OVERALL_FALLBACK, 10)).toHaveLength(10);
      expect(reader.header).toMatchObject({ tenant: tenant.slug, modelVersion: 1 });
    });
  });

  it('keeps its model when newer code makes the same of the same data, says since when, and ranks afresh', async () => {
    const before = await under.nights.registry.pointer(tenant.id);
    expect((await under.nights.run(tenant, { codeVersion: 'newer' })).outcome).toBe('kept');
    const [verdict] = await under.nights.registry.verdicts(tenant.id, 1);
    expect(verdict).toMatchObject({
      lane: 'refresh',
      promoted: false,
      reasonCode: 'noNewData',
      ...{ championVersion: 1, challengerVersion: 1 },
      sentence: expect.stringContaining('31 October 2026'),
    });
    expect(await under.nights.registry.list(tenant.id, 10)).toHaveLength(1);
    const after = await under.nights.registry.pointer(tenant.id);
    expect(after).toMatchObject({ modelVersion: 1, revision: (before?.revision ?? 0) + 1 });
    expect(after?.listFile).not.toBe(before?.listFile);
  });

  it('is as good as before on newer data, and refreshes', async () => {
    await under.nights.load(tenant, newcomersPurchases());
    expect((await under.nights.run(tenant)).outcome).toBe('promoted');
    const [verdict] = await under.nights.registry.verdicts(tenant.id, 1);
    expect(verdict).toMatchObject({
      lane: 'refresh',
      reasonCode: 'notWorse',
      championVersion: 1,
      challengerVersion: 2,
    });
    const pointer = await under.nights.registry.pointer(tenant.id);
    expect(pointer).toMatchObject({ modelVersion: 2, revision: 3 });
  });

  it('serves an earlier version again without training', async () => {
    const before = await under.nights.registry.pointer(tenant.id);
    const pointer = await under.nights.registry.moveTo(
      tenant.id,
      { version: 1, reason: 'test', actor: 'test' },
      7,
    );
    expect(pointer).toMatchObject({ modelVersion: 1, revision: (before?.revision ?? 0) + 1 });
    await under.nights.servedLists(tenant, (reader) => expect(reader.header.modelVersion).toBe(1));
  });
});

it('starts over with a first verdict when the champion’s file is gone', async () => {
  const robbed = await createTestTenant(under.database);
  await under.nights.load(robbed, interactions);
  await under.nights.run(robbed);
  const [lost] = await under.nights.registry.list(robbed.id, 1);
  await under.nights.ports.artifacts.remove(lost.artifact);
  expect((await under.nights.run(robbed)).outcome).toBe('promoted');
  const [verdict] = await under.nights.registry.verdicts(robbed.id, 1);
  expect(verdict).toMatchObject({ lane: 'first', championVersion: 1, promoted: true });
  expect(await under.nights.registry.pointer(robbed.id)).toMatchObject({ modelVersion: 2, revision: 2 });
});

it('sends customers without a history to the fallback of their country, or of everybody', async () => {
  const growing = await createTestTenant(under.database);
  await under.nights.load(growing, interactions);
  const { rows } = await customersOf(under.database, growing);
  const norwegians = rows.slice(0, 25).map(({ customer_id }) => customer_id);
  const [{ customer_id: known }] = rows;
  await under.database.admin.query(
    `UPDATE customer SET country = 'Norway' WHERE tenant_id = $1 AND customer_id = ANY($2)`,
    [growing.id, norwegians],
  );
  await under.database.admin.query(
    `INSERT INTO customer (tenant_id, customer_id, country) VALUES ($1, 'new in Norway', 'Norway'), ($1, 'new', NULL)`,
    [growing.id],
  );
  const { runId } = await under.nights.run(growing);
  await under.nights.servedLists(growing, (reader) => {
    expect(reader.fallbackOf('new in Norway')).toBe(countryFallback('Norway'));
    expect(reader.fallbackOf('new')).toBe(OVERALL_FALLBACK);
    expect(reader.customerList('new', 10)).toBeUndefined();
    expect(reader.fallbackOf(known)).toBeUndefined();
    expect(reader.customerList(known, 10)).toHaveLength(10);
  });
  const stages = await under.nights.runs.stages(growing.id, runId);
  expect(stages.find(({ stage }) => stage === 'rank')?.output.customerLists).toBe(rows.length + 2);
});

it('learns from what customers did with recommendations', async () => {
  const taught = await createTestTenant(under.database);
  await under.nights.load(taught, interactions);
  const productId = interactions.at(-1)?.productId ?? '';
  await under.database.admin.query(
    `INSERT INTO outcome (tenant_id, event_id, customer_id, product_id, kind, occurred_at)
     SELECT $1, 'o' || n, 'only outcomes', $2, 'bought', $3::timestamptz FROM generate_series(1, 3) AS n`,
    [taught.id, productId, lastDay],
  );
  await under.nights.run(taught);
  await under.nights.servedLists(taught, (reader) => {
    const list = reader.customerList('only outcomes', 10) ?? [];
    expect(list.some(({ source }) => source === 'item-cf' || source === 'ials')).toBe(true);
  });
});
