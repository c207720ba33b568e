import { judgeTenants, lifecycleRates, selectTenants, sortTenants, type FleetTenant } from '#libs/domain';
import { PostgresFleetReadModel } from '#libs/persistence';
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

it('answers for 4,000 tenants with 30 nights', async () => {
  await fillFleet(database, 4_000);
  const times: number[] = [];
  const time = async <T>(work: () => Promise<T>): Promise<T> => {
    const startedAt = performance.now();
    const result = await work();
    times.push(performance.now() - startedAt);
    return result;
  };
  for (let round = 0; round < 3; round++) await time(() => fleet.tenants(new Date()));
  const now = new Date();
  const judged = judgeTenants(await fleet.tenants(now), now);
  expect(judged.length).toBeGreaterThanOrEqual(4_000);
  const [worst] = sortTenants(judged, 'trouble');
  expect(worst.troubles[0]).toBe('failed');
  expect(selectTenants(judged, { state: 'frozen' }).length).toBeGreaterThan(50);
  const evidence = await time(() => fleet.rateEvidence(new Date(now.getTime() - 84 * 86_400_000)));
  for (const group of ['all', 'template', 'size', 'age'] as const)
    expect(lifecycleRates(evidence, group, 12, now).length).toBeGreaterThan(0);
  await time(() => fleet.runs({ status: 'failed' }, 100));
  await time(() => fleet.costs(14));
  process.stderr.write(
    `fleet queries at 4,000 tenants, ms: ${times.map((ms) => ms.toFixed(0)).join(', ')}\n`,
  );
  // Room for a crowded machine: a quiet one takes a tenth of it.
  expect(Math.min(...times.slice(0, 3))).toBeLessThan(3_000);
}, 300_000);
