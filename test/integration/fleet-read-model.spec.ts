import type pg from 'pg';
import { judgeTenants, lifecycleRates, selectTenants, sortTenants, type FleetTenant } from '#libs/domain';
import { PostgresFleetReadModel, PostgresFleetRunRepository } from '#libs/persistence';
import { createTestDatabase, createTestTenant, type TestDatabase } from '#libs/testing';
import { fillFleet } from './simulated-fleet.js';

let database: TestDatabase;
let fleet: PostgresFleetReadModel;
const NOW = new Date('2026-11-21T12:00:00Z');

beforeAll(async () => {
  database = await createTestDatabase(process.env);
  fleet = new PostgresFleetReadModel(database.platform, 0);
}, 120_000);
afterAll(() => database?.close());

async function addRun(tenantId: number, night: string, row: Record<string, unknown> = {}): Promise<void> {
  const columns = {
    ...{ tenant_id: tenantId, night, kind: 'nightly', status: 'succeeded', active: null, seed: 1 },
    ...{ requested_by: 'test', template_version: 1, outcome: 'kept', finished_at: `${night}T02:00:00Z` },
    ...row,
  };
  const names = Object.keys(columns);
  await database.admin.query(
    `INSERT INTO run (run_id, ${names.join(', ')}) VALUES (gen_random_uuid(), ${names.map((_, i) => `$${i + 1}`).join(', ')})`,
    Object.values(columns),
  );
}

const tenantNamed = async (slug: string): Promise<FleetTenant> =>
  (await fleet.tenants(NOW)).find((tenant) => tenant.slug === slug)!;

describe('a tenant among all', () => {
  it('comes with its last runs, newest first, and their sums', async () => {
    const tenant = await createTestTenant(database, { slug: 'one' });
    await addRun(tenant.id, '2026-11-19', { ndcg10: 0.4, cpu_seconds: 2, bytes: 100, interactions: 5_000 });
    await addRun(tenant.id, '2026-11-20', { ndcg10: 0.5, cpu_seconds: 3, bytes: 10, interactions: 12_000 });
    await addRun(tenant.id, '2026-11-21', {
      ...{ status: 'failed', outcome: null, error_code: 'unexpected', deadline: '2026-11-21T05:00:00Z' },
    });
    expect(await tenantNamed('one')).toMatchObject({
      ...{ ndcgTrend: [0.4, 0.5], cpuSeconds: 5, bytes: 110, interactions: 12_000, late: true },
      lastRun: { night: '2026-11-21', status: 'failed', errorCode: 'unexpected', outcome: undefined },
      ...{ requestsToday: 0, requestsPerDay: undefined },
    });
  });

  it('is there without any run, and counts its requests of today', async () => {
    const tenant = await createTestTenant(database, { slug: 'two' });
    await database.admin.query('UPDATE tenant SET requests_per_day = 10 WHERE id = $1', [tenant.id]);
    await database.admin.query(
      `INSERT INTO tenant_requests (tenant_id, day, node_id, requests) VALUES ($1, '2026-11-21', gen_random_uuid(), 4),
         ($1, '2026-11-21', gen_random_uuid(), 5), ($1, '2026-11-20', gen_random_uuid(), 70)`,
      [tenant.id],
    );
    const found = await tenantNamed('two');
    expect(found).toMatchObject({ lastRun: undefined, ndcgTrend: [], late: false, requestsToday: 9 });
    expect(judgeTenants([found], NOW)[0].troubles).toEqual(['quota']);
  });

  it('is not late for a night whose deadline is to come, nor for one that was in time', async () => {
    const tenant = await createTestTenant(database, { slug: 'three' });
    await addRun(tenant.id, '2026-11-20', { deadline: '2026-11-20T01:00:00Z' });
    expect((await tenantNamed('three')).late).toBe(true);
    await addRun(tenant.id, '2026-11-21', { deadline: '2026-11-21T05:00:00Z' });
    expect((await tenantNamed('three')).late).toBe(false);
  });

  it('shows runs of the fleet, and what nights cost', async () => {
    const failed = await fleet.runs({ status: 'failed' }, 10);
    expect(failed).toMatchObject([{ tenant: 'one', errorCode: 'unexpected', late: true }]);
    expect(await fleet.runs({ late: true, status: 'succeeded' }, 10)).toMatchObject([{ tenant: 'three' }]);
    const today = new Date().toISOString().slice(0, 10);
    const other = await createTestTenant(database);
    await addRun(other.id, today, { cpu_seconds: 1.5, bytes: 7 });
    expect((await fleet.costs(1)).filter(({ night }) => night === today)).toEqual([
      expect.objectContaining({ cpuSeconds: 1.5, bytes: 7 }),
    ]);
  });
});

describe('4,000 tenants with 30 nights', () => {
  const TENANTS = 4_000;
  const now = new Date();
  const tonight = now.toISOString().slice(0, 10);
  const since = new Date(now.getTime() - 84 * 86_400_000);

  beforeAll(() => fillFleet(database, TENANTS), 120_000);

  it('are found by what is wrong with them and by their state', async () => {
    const judged = judgeTenants(await fleet.tenants(now), now);
    expect(judged.length).toBeGreaterThanOrEqual(TENANTS);
    const [worst] = sortTenants(judged, 'trouble');
    expect(worst.troubles[0]).toBe('failed');
    expect(selectTenants(judged, { state: 'frozen' }).length).toBeGreaterThan(50);
    const evidence = await fleet.rateEvidence(since, 'size');
    for (const group of ['all', 'template', 'size', 'age'] as const)
      expect(lifecycleRates(evidence, group, 12, now).length).toBeGreaterThan(0);
  });

  // Pages of 8 kB that a statement touches: the same on a busy machine as on a quiet one. Without its index each would read all of
  // the 3,000 pages of the nights, and more the longer they are kept.
  const BUDGETS: [string, number, (model: PostgresFleetReadModel) => Promise<unknown>][] = [
    ['all tenants', 25 * TENANTS, (model) => model.tenants(now)],
    ['freezes by size', 8 * TENANTS, (model) => model.rateEvidence(since, 'size')],
    ['freezes by template', 500, (model) => model.rateEvidence(since, 'template')],
    ['newest runs', 500, (model) => model.runs({}, 50)],
    ['failed runs', 500, (model) => model.runs({ status: 'failed' }, 50)],
    ['running runs', 500, (model) => model.runs({ status: 'running' }, 50)],
    ['late runs', 500, (model) => model.runs({ late: true }, 50)],
    ['late and failed runs', 500, (model) => model.runs({ status: 'failed', late: true }, 50)],
    ['one tenant', 200, (model) => model.tenant('shop-0011', now)],
    ['nights of one tenant', 300, (model) => model.runs({ tenant: 'shop-0011' }, 60)],
    [
      'failed nights of one tenant',
      300,
      (model) => model.runs({ tenant: 'shop-0011', status: 'failed' }, 60),
    ],
    ['what cost most in a night', 700, (model) => model.runs({ night: tonight }, 50)],
    ['what nights cost', 1_000, (model) => model.costs(14)],
  ];
  it.each(BUDGETS)('%s: at most %i pages', async (name, budget, ask) => {
    const { pool, statements } = recording(database.platform);
    await ask(new PostgresFleetReadModel(pool, 0));
    let pages = 0;
    for (const { text, values } of statements) pages += await pagesOf(database.platform, text, values);
    process.stderr.write(`fleet, ${name}: ${pages} pages\n`);
    expect(pages).toBeGreaterThan(0);
    expect(pages).toBeLessThanOrEqual(budget);
  });

  it('unfinished runs are counted without a look at those that ended', async () => {
    const { pool, statements } = recording(database.platform);
    await new PostgresFleetRunRepository(pool).countByStatus();
    expect(await pagesOf(database.platform, statements[0].text, [])).toBeLessThan(50);
  });
});

interface Statement {
  readonly text: string;
  readonly values: unknown[];
}

/** The pool, and what it was asked. */
function recording(pool: pg.Pool): { pool: pg.Pool; statements: Statement[] } {
  const statements: Statement[] = [];
  const connect = async () => {
    const client = await pool.connect();
    const query = (asked: string | Statement, values: unknown[] = []) => {
      const statement = typeof asked === 'string' ? { text: asked, values } : asked;
      if (/^\s*SELECT/.test(statement.text)) statements.push(statement);
      return client.query(statement.text, statement.values);
    };
    return { query, release: (error?: Error) => client.release(error) };
  };
  return { pool: { connect } as unknown as pg.Pool, statements };
}

async function pagesOf(pool: pg.Pool, text: string, values: unknown[]): Promise<number> {
  const { rows } = await pool.query(`EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${text}`, values);
  const [{ Plan: plan }] = rows[0]['QUERY PLAN'];
  return plan['Shared Hit Blocks'] + plan['Shared Read Blocks'];
}
