import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Run, Tenant } from '#libs/domain';
import { PostgresRunRepository } from '#libs/persistence';
import {
  createTestDatabase,
  createTestTenant,
  openTestQueues,
  type TestDatabase,
  type TestQueues,
} from '#libs/testing';

const SLOTS = 2;
let database: TestDatabase;
let queues: TestQueues;
let runs: PostgresRunRepository;
let folder: string;
let worker: ChildProcess;

/** A worker process as it is built, with two slots. Its tenants have no data, so that a run is short. */
beforeAll(async () => {
  database = await createTestDatabase(process.env);
  queues = openTestQueues(process.env);
  runs = new PostgresRunRepository(database.tenants);
  folder = await mkdtemp(join(tmpdir(), 'nightshift-flood-'));
  const env = {
    ...process.env,
    DATABASE_URL: database.app.options.connectionString,
    PLATFORM_DATABASE_URL: database.platform.options.connectionString,
    REDIS_URL: process.env.TEST_REDIS_URL,
    REDIS_PREFIX: queues.prefix,
    STATE_DIR: folder,
    LOG_LEVEL: 'silent',
    WORKER_SLOTS: `${SLOTS}`,
    WORKER_THREADS: '1',
    WORKER_PORT: '0',
    POLL_MS: '50',
    PLAN_MS: '0',
  };
  worker = spawn(process.execPath, ['dist/apps/worker/src/main.js'], { env, stdio: 'ignore' });
});
afterAll(async () => {
  const ended = once(worker, 'exit');
  worker.kill('SIGTERM');
  await ended;
  await queues.close();
  await database.close();
  await rm(folder, { recursive: true, force: true });
});
afterEach(() =>
  database.admin.query(`UPDATE run SET status = 'failed', active = NULL WHERE active AND status = 'queued'`),
);

/** Past nights of the tenant, straight into the table: the API would stop at its limit. */
async function flood(tenant: Tenant, count: number): Promise<void> {
  await database.admin.query(
    `INSERT INTO run (tenant_id, run_id, night, kind, requested_by, seed, template_version)
     SELECT $1, gen_random_uuid(), date '2020-01-01' + n, 'backfill', 'flood', 1, 1 FROM generate_series(1, $2) n`,
    [tenant.id, count],
  );
}

const request = (night: string) => ({
  night,
  seed: 1,
  templateVersion: 1,
  requestedBy: 'kim',
  reason: undefined,
});

async function startOf({ tenantId, runId }: Run): Promise<Date> {
  for (;;) {
    const startedAt = (await runs.find(tenantId, runId))?.startedAt;
    if (startedAt !== undefined) return startedAt;
    await sleep(20);
  }
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(20);
}

const startedOf = async (tenants: readonly Tenant[]): Promise<number> => {
  const { rows } = await database.admin.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM run WHERE tenant_id = ANY($1) AND started_at IS NOT NULL`,
    [tenants.map(({ id }) => id)],
  );
  return rows[0].count;
};

/**
 * Per tenant the runs that were admitted after the other's run was there and that started before it. A round is one run of
 * every tenant that waits; so nobody may have two.
 */
async function overtaking(run: Run, startedAt: Date): Promise<number[]> {
  const { rows } = await database.admin.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM run
     WHERE tenant_id <> $1 AND admitted_at > $2 AND started_at < $3 GROUP BY tenant_id`,
    [run.tenantId, run.createdAt, startedAt],
  );
  return rows.map(({ count }) => count);
}

describe('a tenant that queues 1,000 runs', () => {
  it.each([
    ['a run by hand', () => request('2026-11-21'), 'manual'],
    ['a run for a past night', () => request('2026-11-01'), 'backfill'],
  ] as const)('does not delay %s of another by more than one round', async (_, asked, kind) => {
    const [a, b] = [await createTestTenant(database), await createTestTenant(database)];
    await flood(a, 1_000);
    await until(async () => (await startedOf([a])) >= 10);
    const { run } =
      kind === 'manual'
        ? await runs.requestManual(b.id, asked())
        : await runs.requestBackfill(b.id, asked(), 10);
    const counts = await overtaking(run, await startOf(run));
    expect(Math.max(0, ...counts)).toBeLessThanOrEqual(1);
    expect(await startedOf([a])).toBeLessThan(1_000);
  });

  it('never has two of them at work', async () => {
    const a = await createTestTenant(database);
    await flood(a, 200);
    const atWork: number[] = [];
    while ((await startedOf([a])) < 40) {
      const { rows } = await database.admin.query<{ count: number }>(
        `SELECT count(*)::int AS count FROM run WHERE tenant_id = $1 AND status IN ('admitted', 'running')`,
        [a.id],
      );
      atWork.push(rows[0].count);
    }
    expect(Math.max(...atWork)).toBe(1);
  });
});

describe('eight tenants that queue 125 runs each', () => {
  it('let the ninth go before any of them goes twice', async () => {
    const flooding = await Promise.all(Array.from({ length: 8 }, () => createTestTenant(database)));
    for (const tenant of flooding) await flood(tenant, 125);
    await until(async () => (await startedOf(flooding)) >= 24);
    const b = await createTestTenant(database);
    const { run } = await runs.requestBackfill(b.id, request('2026-11-01'), 10);
    const counts = await overtaking(run, await startOf(run));
    expect(counts.length).toBeLessThanOrEqual(8);
    expect(Math.max(0, ...counts)).toBeLessThanOrEqual(1);
  });
});
