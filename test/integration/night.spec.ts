import { randomUUID } from 'node:crypto';
import { InlineExecutor, type Executor } from '#libs/algorithms';
import { countryFallback, OVERALL_FALLBACK, type InteractionRecord, type Tenant } from '#libs/domain';
import { greenGrocer, simulateWorld } from '#libs/simulator';
import {
  createTestTenant,
  openTestDatabase,
  setTestState,
  TestNights,
  type TestDatabase,
} from '../../libs/testing/src/index.js';

const world = simulateWorld(greenGrocer, {
  seed: 3,
  untilDate: new Date('2026-11-01T00:00:00Z'),
  scale: 0.05,
});
const interactions = [...world.interactions()] as InteractionRecord[];
const lastDay = new Date('2026-10-31T12:00:00Z');

/** Its blocks finish in the opposite order, and it says that it has other threads. */
class BackwardExecutor extends InlineExecutor {
  override readonly threads: number = 5;
  override map: Executor['map'] = async (task, inputs) =>
    (await super.map(task, [...inputs].reverse())).reverse();
}

let database: TestDatabase;
let nights: TestNights;
let tenant: Tenant;

beforeAll(async () => {
  database = await openTestDatabase(process.env);
  nights = await TestNights.open(database);
  tenant = await createTestTenant(database);
  await nights.load(tenant, interactions);
});

afterAll(async () => {
  await nights.close();
  await database.close();
});

const customersOf = (of: Tenant) =>
  database.admin.query<{ customer_id: string }>('SELECT customer_id FROM customer WHERE tenant_id = $1', [
    of.id,
  ]);

describe('a tenant’s first nights', () => {
  it('promotes a model that ranks better than popularity, and writes down why', async () => {
    expect((await nights.run(tenant)).outcome).toBe('promoted');
    const [verdict] = await nights.registry.verdicts(tenant.id, 10);
    expect(verdict).toMatchObject({
      lane: 'first',
      promoted: true,
      reasonCode: 'better',
      championVersion: undefined,
    });
    const [champion] = await nights.registry.list(tenant.id, 10);
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
    const { rows } = await customersOf(tenant);
    await nights.servedLists(tenant, (reader) => {
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

  it('is as good as before on the same data, and refreshes', async () => {
    expect((await nights.run(tenant)).outcome).toBe('promoted');
    const [verdict] = await nights.registry.verdicts(tenant.id, 1);
    expect(verdict).toMatchObject({
      lane: 'refresh',
      reasonCode: 'notWorse',
      championVersion: 1,
      challengerVersion: 2,
    });
    const pointer = await nights.registry.pointer(tenant.id);
    expect(pointer).toMatchObject({ modelVersion: 2, revision: 2 });
  });

  it('serves an earlier version again without training', async () => {
    const before = await nights.registry.pointer(tenant.id);
    const pointer = await nights.registry.moveTo(tenant.id, { version: 1, reason: 'test', actor: 'test' }, 7);
    expect(pointer).toMatchObject({ modelVersion: 1, revision: (before?.revision ?? 0) + 1 });
    await nights.servedLists(tenant, (reader) => expect(reader.header.modelVersion).toBe(1));
  });
});

describe('a frozen tenant', () => {
  it('keeps its model, but ranks new customers by it and drops products that are no longer sold', async () => {
    const frozen = await createTestTenant(database);
    await nights.load(frozen, interactions);
    await nights.run(frozen);
    await setTestState(database, frozen, 'frozen');
    const bought = interactions.find((event) => event.type === 'purchase' && event.customerId !== undefined);
    const productId = bought?.productId ?? '';
    const newcomer = ['a', 'b', 'c'].map((line) =>
      newPurchase(`newcomer-${line}`, 'the newcomer', interactions[line.charCodeAt(0)].productId),
    );
    await nights.load(frozen, newcomer);
    await database.admin.query(
      'UPDATE product SET retired_at = now() WHERE tenant_id = $1 AND product_id = $2',
      [frozen.id, productId],
    );

    const { outcome } = await nights.run(frozen);
    expect(outcome).toBe('ranked');
    expect(await nights.registry.list(frozen.id, 10)).toHaveLength(1);
    const { rows } = await customersOf(frozen);
    await nights.servedLists(frozen, (reader) => {
      expect(reader.header.modelVersion).toBe(1);
      const list = reader.customerList('the newcomer', 100) ?? [];
      expect(list.length).toBeGreaterThan(10);
      expect(list.some(({ source }) => source !== 'segment-popularity' && source !== 'popularity')).toBe(
        true,
      );
      for (const { customer_id } of rows) {
        expect(reader.customerList(customer_id, 100)?.map((entry) => entry.productId)).not.toContain(
          productId,
        );
      }
    });
  });

  it('is not overtaken by a night that was under way when it froze', async () => {
    const late = await createTestTenant(database);
    await nights.load(late, interactions);
    await nights.run(late);
    await expect(nights.run(late, { mayGoOn: (done) => done < 7 })).rejects.toThrow('stopping');
    await setTestState(database, late, 'frozen');
    expect(await resume(late)).toBe('superseded');
    expect((await nights.registry.pointer(late.id))?.modelVersion).toBe(1);
    const [verdict] = await nights.registry.verdicts(late.id, 1);
    expect(verdict).toMatchObject({ promoted: false, reasonCode: 'superseded' });
  });
});

describe('input that is not fit to train on', () => {
  it('keeps a champion whose file is gone, when nothing clearly better is there', async () => {
    const small = await createTestTenant(database);
    await nights.load(small, interactions.slice(0, 300));
    await nights.run(small);
    const [lost] = await nights.registry.list(small.id, 1);
    await nights.ports.artifacts.remove(lost.artifact);
    expect((await nights.run(small)).outcome).toBe('championUnreadable');
    await setTestState(database, small, 'frozen');
    expect((await nights.run(small)).outcome).toBe('championUnreadable');
    expect(await nights.registry.pointer(small.id)).toMatchObject({
      modelVersion: lost.version,
      revision: 1,
    });
  });

  it('ends without data, and when off', async () => {
    expect((await nights.run(await createTestTenant(database))).outcome).toBe('noData');
    expect((await nights.run(await createTestTenant(database, { state: 'off' }))).outcome).toBe('off');
  });

  it('keeps yesterday’s model when most of the rows are gone', async () => {
    const collapsed = await createTestTenant(database);
    await nights.load(collapsed, interactions);
    await nights.run(collapsed);
    await database.admin.query(
      'DELETE FROM interaction WHERE tenant_id = $1 AND hashtext(event_id) % 4 <> 0',
      [collapsed.id],
    );
    expect((await nights.run(collapsed)).outcome).toBe('dataRejected');
    expect((await nights.registry.pointer(collapsed.id))?.revision).toBe(1);
    // Somebody looks, says that this is how things are now, and it trains again.
    expect((await nights.run(collapsed, { reason: 'we sold a branch' })).outcome).not.toBe('dataRejected');
    expect((await nights.run(collapsed)).outcome).not.toBe('dataRejected');
  });

  it('serves popularity where there is too little to judge by', async () => {
    const small = await createTestTenant(database);
    await nights.load(small, interactions.slice(0, 300));
    expect((await nights.run(small)).outcome).toBe('promoted');
    const [verdict] = await nights.registry.verdicts(small.id, 1);
    expect(verdict).toMatchObject({ lane: 'first', promoted: false, reasonCode: 'notEnoughEvidence' });
    await nights.servedLists(small, (reader) => expect(reader.header.algorithm).toBe('popularity'));
  });
});

it('starts over with a first verdict when the champion’s file is gone', async () => {
  const robbed = await createTestTenant(database);
  await nights.load(robbed, interactions);
  await nights.run(robbed);
  const [lost] = await nights.registry.list(robbed.id, 1);
  await nights.ports.artifacts.remove(lost.artifact);
  expect((await nights.run(robbed)).outcome).toBe('promoted');
  const [verdict] = await nights.registry.verdicts(robbed.id, 1);
  expect(verdict).toMatchObject({ lane: 'first', championVersion: 1, promoted: true });
  expect(await nights.registry.pointer(robbed.id)).toMatchObject({ modelVersion: 2, revision: 2 });
});

it('goes on after the last finished stage', async () => {
  const paused = await createTestTenant(database);
  await nights.load(paused, interactions);
  await expect(nights.run(paused, { mayGoOn: (done) => done < 4 })).rejects.toThrow('stopping');
  const stages: string[] = [];
  expect(await resume(paused, stages)).toBe('promoted');
  expect(stages).toEqual(['evaluate', 'decide', 'rank', 'publish']);
});

it('sends customers without a history to the fallback of their country, or of everybody', async () => {
  const growing = await createTestTenant(database);
  await nights.load(growing, interactions);
  const { rows } = await customersOf(growing);
  const norwegians = rows.slice(0, 25).map(({ customer_id }) => customer_id);
  const [{ customer_id: known }] = rows;
  await database.admin.query(
    `UPDATE customer SET country = 'Norway' WHERE tenant_id = $1 AND customer_id = ANY($2)`,
    [growing.id, norwegians],
  );
  await database.admin.query(
    `INSERT INTO customer (tenant_id, customer_id, country) VALUES ($1, 'new in Norway', 'Norway'), ($1, 'new', NULL)`,
    [growing.id],
  );
  const { runId } = await nights.run(growing);
  await nights.servedLists(growing, (reader) => {
    expect(reader.fallbackOf('new in Norway')).toBe(countryFallback('Norway'));
    expect(reader.fallbackOf('new')).toBe(OVERALL_FALLBACK);
    expect(reader.customerList('new', 10)).toBeUndefined();
    expect(reader.fallbackOf(known)).toBeUndefined();
    expect(reader.customerList(known, 10)).toHaveLength(10);
  });
  const stages = await nights.runs.stages(growing.id, runId);
  expect(stages.find(({ stage }) => stage === 'rank')?.output.customerLists).toBe(rows.length + 2);
});

it('learns from what customers did with recommendations', async () => {
  const taught = await createTestTenant(database);
  await nights.load(taught, interactions);
  const productId = interactions.at(-1)?.productId ?? '';
  await database.admin.query(
    `INSERT INTO outcome (tenant_id, event_id, customer_id, product_id, kind, occurred_at)
     SELECT $1, 'o' || n, 'only outcomes', $2, 'bought', $3::timestamptz FROM generate_series(1, 3) AS n`,
    [taught.id, productId, lastDay],
  );
  await nights.run(taught);
  await nights.servedLists(taught, (reader) => {
    const list = reader.customerList('only outcomes', 10) ?? [];
    expect(list.some(({ source }) => source === 'item-cf' || source === 'ials')).toBe(true);
  });
});

it('makes the same bytes again, in whatever order the work is done', async () => {
  const hashes = [];
  for (const executor of [new InlineExecutor(), new BackwardExecutor()]) {
    const again = await createTestTenant(database);
    await nights.load(again, interactions);
    const { runId } = await nights.run(again, { executor });
    const stages = await nights.runs.stages(again.id, runId);
    const models = stages.find(({ stage }) => stage === 'train')?.output.models as Record<
      string,
      { sha256: string }
    >;
    hashes.push(Object.fromEntries(Object.entries(models).map(([name, { sha256 }]) => [name, sha256])));
  }
  expect(Object.keys(hashes[0])).toHaveLength(4);
  expect(hashes[1]).toEqual(hashes[0]);
});

/** Another worker takes the unfinished run over. */
async function resume(of: Tenant, stages: string[] = []): Promise<string> {
  await database.admin.query(
    `UPDATE run SET lease_until = now() - interval '1 second' WHERE tenant_id = $1 AND active`,
    [of.id],
  );
  const { outcome, stages: gone } = await nights.run(of);
  stages.push(...gone);
  return outcome;
}

function newPurchase(eventId: string, customerId: string, productId: string): InteractionRecord {
  return {
    eventId: `${eventId}-${randomUUID()}`,
    type: 'purchase',
    customerId,
    productId,
    occurredAt: lastDay,
    quantity: 1,
    unitPrice: 2,
  } as InteractionRecord;
}
