import { randomUUID } from 'node:crypto';
import { mkdir, readdir, utimes } from 'node:fs/promises';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Queue } from 'bullmq';
import type { ReconcileReport } from '#libs/domain';
import { compareQueues, QUEUES } from '#libs/jobs';
import {
  PostgresFleetErasureRepository,
  PostgresFleetExportRepository,
  PostgresFleetRunRepository,
  PostgresFleetTenantRepository,
} from '#libs/persistence';
import {
  createTestDatabase,
  createTestTenant,
  openTestQueues,
  type TestDatabase,
  type TestQueues,
} from '#libs/testing';
import { nightshift } from './run-nightshift.js';

let database: TestDatabase;
let queues: TestQueues;
let all: Queue[];

beforeAll(async () => {
  database = await createTestDatabase(process.env);
  queues = openTestQueues(process.env);
  all = QUEUES.map((name) => new Queue(name, { connection: queues.redis, prefix: queues.prefix }));
});
afterAll(async () => {
  await queues.close();
  await database.close();
});

const compare = (repair: boolean) =>
  compareQueues(
    {
      queues: all,
      publisher: queues.publisher,
      runs: new PostgresFleetRunRepository(database.platform),
      exports: new PostgresFleetExportRepository(database.platform),
      erasures: new PostgresFleetErasureRepository(database.platform),
      tenants: new PostgresFleetTenantRepository(database.platform),
    },
    repair,
  );

/** An admitted run, an export and an erasure that nobody has taken yet. */
async function addWork(): Promise<{ runId: string; exportId: string; erasureId: string; tenantId: number }> {
  const { id: tenantId } = await createTestTenant(database);
  const [runId, exportId, erasureId] = [randomUUID(), randomUUID(), randomUUID()];
  await database.admin.query(
    `INSERT INTO run (tenant_id, run_id, night, kind, status, requested_by, seed, template_version, admitted_at)
     VALUES ($1, $2, '2026-11-21', 'nightly', 'admitted', 'test', 1, 1, now())`,
    [tenantId, runId],
  );
  await database.admin.query(
    `INSERT INTO list_export (tenant_id, export_id, options, requested_by) VALUES ($1, $2, '{}', 'test')`,
    [tenantId, exportId],
  );
  await database.admin.query(
    `INSERT INTO erasure (tenant_id, erasure_id, subject, customer_id, requested_by)
     VALUES ($1, $2, 'customer', 'anna', 'test')`,
    [tenantId, erasureId],
  );
  return { runId, exportId, erasureId, tenantId };
}

test('after everything in Redis is lost, jobs of runs, exports and erasures are announced again, once', async () => {
  const { runId, exportId, erasureId } = await addWork();
  await queues.forgetEverything();
  const jobs = [`run-${runId}-0`, `export-${exportId}-0`, `erase-${erasureId}-0`];
  const seen = await compare(false);
  expect(seen.differences.map(({ problem, what, repair }) => [problem, what, repair])).toEqual(
    jobs.map((job) => ['missing', job, null]),
  );
  expect((await compare(true)).differences.every(({ repair }) => repair === 'done')).toBe(true);
  expect(await compare(true)).toEqual({ differences: [], checked: 3 });
  expect((await queues.training.getJobs()).map(({ id }) => id)).toEqual([jobs[0]]);
});

test('jobs of ended runs and of tenants that are gone are removed, those of the living stay', async () => {
  await queues.forgetEverything();
  const { runId, tenantId } = await addWork();
  await compare(true);
  const gone = { tenantId: tenantId + 1_000, runId: randomUUID(), attempt: 0 };
  await queues.publisher.ensure('run-pipeline', gone);
  await queues.publisher.ensure('attribute-outcomes', { tenantId });
  await queues.publisher.ensure('attribute-outcomes', { tenantId: gone.tenantId });
  await queues.training.upsertJobScheduler(
    'old nightly',
    { every: 3_600_000 },
    { name: 'run-pipeline', data: gone },
  );
  const seen = (await compare(false)).differences.map(({ what }) => what);
  expect(seen).toEqual(
    expect.arrayContaining([
      `run-${gone.runId}-0`,
      `attribute-${gone.tenantId}`,
      'schedule old nightly of training',
    ]),
  );
  await compare(true);
  expect((await compare(false)).differences).toEqual([]);
  const left = (await queues.training.getJobs()).map(({ id }) => id);
  expect(left).toContain(`run-${runId}-0`);
  expect(left).not.toContain(`run-${gone.runId}-0`);
});

describe('the command', () => {
  const saved = { ...process.env };
  let stateDir: string;
  beforeAll(async () => {
    stateDir = await mkdtemp(join(tmpdir(), 'nightshift-reconcile-'));
    const of = (url: string | undefined) => {
      const changed = new URL(url as string);
      changed.pathname = `/${new URL(databaseUrl).pathname.slice(1)}`;
      return changed.toString();
    };
    const databaseUrl = `postgres://x/${(await database.admin.query('SELECT current_database() AS name')).rows[0].name}`;
    Object.assign(process.env, {
      DATABASE_URL: of(process.env.TEST_DATABASE_URL),
      PLATFORM_DATABASE_URL: of(process.env.TEST_PLATFORM_DATABASE_URL),
      REDIS_URL: process.env.TEST_REDIS_URL,
      REDIS_PREFIX: queues.prefix,
      STATE_DIR: stateDir,
    });
  });
  afterAll(async () => {
    for (const name of Object.keys(process.env)) if (!(name in saved)) delete process.env[name];
    Object.assign(process.env, saved);
    await rm(stateDir, { recursive: true });
  });

  test('says in text and JSON what differs, repairs, and ends with 0 only when everything agrees', async () => {
    await queues.forgetEverything();
    const { runId } = await addWork();
    const strange = join(stateDir, 'artifacts', 'tenants', '4711', 'models');
    await mkdir(strange, { recursive: true });
    await writeFile(join(strange, 'x.model'), 'x');
    const old = new Date(Date.now() - 3 * 86_400_000);
    await utimes(join(stateDir, 'artifacts', 'tenants', '4711'), old, old);

    const text = await nightshift('reconcile');
    expect(text.code).toBe(1);
    expect(text.stdout).toContain(`run-${runId}-0`);
    const look = await nightshift('reconcile', '--json');
    const report = JSON.parse(look.lastLine) as ReconcileReport;
    expect(look.code).toBe(1);
    expect(report.agrees).toBe(false);
    expect(report.differences).toContainEqual(
      expect.objectContaining({ store: 'folders', what: 'everything of tenant number 4711', repair: null }),
    );
    expect((await nightshift('reconcile', '--repair', '--json')).code).toBe(0);
    expect(await readdir(join(stateDir, 'artifacts', 'tenants'))).toEqual([]);
    const again = await nightshift('reconcile', '--repair', '--json');
    expect(again.code).toBe(0);
    expect(JSON.parse(again.lastLine)).toMatchObject({ agrees: true, differences: [] });
  });

  test('refuses a tenant that there is not, and a grace that is none', async () => {
    expect(await nightshift('reconcile', '--tenant', 'nobody')).toMatchObject({ code: 1 });
    expect(await nightshift('reconcile', '--grace-hours', 'x')).toMatchObject({ code: 2 });
  });
});
