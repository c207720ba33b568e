import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Tenant } from '#libs/domain';
import { PostgresFleetRunRepository } from '#libs/persistence';
import { createTestTenant, openTestQueues, useTestNights, type TestQueues } from '#libs/testing';
import { interactions } from './grocer-nights.js';

/** Long enough that nothing here is explained by a lease that has run out. */
const LEASE_MS = 300_000;
const PATIENCE_MS = 480_000;
const under = useTestNights(process.env);
let queues: TestQueues;
let folder: string;
let workers: Worker[];

interface Worker {
  readonly process: ChildProcess;
  readonly metrics: string;
}

beforeEach(async () => {
  queues = openTestQueues(process.env);
  folder = await mkdtemp(join(tmpdir(), 'nightshift-drain-'));
  workers = [];
});
afterEach(async () => {
  for (const worker of workers) {
    if (worker.process.exitCode !== null || worker.process.signalCode !== null) continue;
    const ended = once(worker.process, 'exit');
    worker.process.kill('SIGKILL');
    await ended;
  }
  await queues.close();
  await under.database.admin.query(`UPDATE run SET status = 'failed', active = NULL WHERE active`);
  await rm(folder, { recursive: true, force: true });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A worker process as it is built. */
async function startWorker(graceMs: number): Promise<Worker> {
  const port = await freePort();
  const env = {
    ...process.env,
    DATABASE_URL: under.database.app.options.connectionString,
    PLATFORM_DATABASE_URL: under.database.platform.options.connectionString,
    REDIS_URL: process.env.TEST_REDIS_URL,
    REDIS_PREFIX: queues.prefix,
    STATE_DIR: folder,
    LOG_LEVEL: 'silent',
    WORKER_SLOTS: '2',
    WORKER_THREADS: '1',
    WORKER_PORT: `${port}`,
    LEASE_MS: `${LEASE_MS}`,
    STOP_GRACE_MS: `${graceMs}`,
    POLL_MS: '100',
    PLAN_MS: '0',
    ATTRIBUTE_MS: '0',
  };
  const child = spawn(process.execPath, ['dist/apps/worker/src/main.js'], { env, stdio: 'ignore' });
  const worker = { process: child, metrics: `http://127.0.0.1:${port}/metrics` };
  workers.push(worker);
  await until(async () => (await fetch(worker.metrics).catch(() => undefined))?.ok === true);
  return worker;
}

async function stop({ process: child }: Worker): Promise<{ seconds: number }> {
  const startedAt = performance.now();
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const [code, signal] = (await ended) as [number | null, string | null];
  expect(code === 143 || signal === 'SIGTERM').toBe(true);
  return { seconds: (performance.now() - startedAt) / 1_000 };
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await sleep(50);
}

interface RunRow {
  readonly run_id: string;
  readonly status: string;
  readonly attempt: number;
  readonly fencing_token: number;
}

const rowsOf = async (tenants: readonly Tenant[]) =>
  (
    await under.database.admin.query<RunRow>(
      `SELECT run_id, status::text, attempt, fencing_token FROM run WHERE tenant_id = ANY($1) ORDER BY run_id`,
      [tenants.map(({ id }) => id)],
    )
  ).rows;

/** Runs of tenants with so many interactions, whose training takes at least so long. */
async function request(count: number, events: number, tuningSeconds: number): Promise<Tenant[]> {
  const tenants: Tenant[] = [];
  for (let n = 0; n < count; n++) {
    const settings = { recipe: { algorithm: 'ials' }, tuningSeconds };
    const tenant = await createTestTenant(under.database, { settings });
    await under.nights.load(tenant, interactions.slice(0, events));
    tenants.push(tenant);
  }
  const manual = { night: '2026-11-21', seed: 1, templateVersion: 1, requestedBy: 'kim', reason: undefined };
  for (const { id } of tenants) await under.nights.runs.requestManual(id, manual);
  return tenants;
}

const isOver = async (tenants: readonly Tenant[]) =>
  (await rowsOf(tenants)).every(({ status }) => status === 'succeeded');

describe('a worker that is asked to stop', () => {
  it(
    'finishes what it has begun, begins nothing else, and leaves the others to another',
    async () => {
      const first = await startWorker(60_000);
      const tenants = await request(10, 1_500, 0);
      await until(async () => (await rowsOf(tenants)).some(({ status }) => status === 'succeeded'));
      const ended = stop(first);
      await sleep(300);
      const begun = async () =>
        (await rowsOf(tenants)).filter(({ fencing_token }) => fencing_token > 0).length;
      const begunBefore = await begun();
      const { seconds } = await ended;
      const left = await rowsOf(tenants);
      expect(left.filter(({ status }) => status === 'running')).toEqual([]);
      expect(await begun()).toBe(begunBefore);
      expect(begunBefore).toBeLessThan(tenants.length);
      expect(left.filter(({ status }) => status !== 'succeeded').length).toBeGreaterThan(0);
      expect(seconds).toBeLessThan(30);
      await startWorker(60_000);
      await until(() => isOver(tenants));
      // Each was claimed once: nobody has lost anything.
      expect((await rowsOf(tenants)).map(({ fencing_token }) => fencing_token)).toEqual(tenants.map(() => 1));
    },
    PATIENCE_MS,
  );

  it(
    'hands back what it cannot finish, and another takes it at once; what it still writes is refused',
    async () => {
      const first = await startWorker(500);
      const tenants = await request(2, 4_000, 4);
      await until(async () => (await rowsOf(tenants)).every(({ status }) => status === 'running'));
      await sleep(1_500);
      await startWorker(60_000);
      const { seconds } = await stop(first);
      expect(seconds).toBeLessThan(15);
      const stoppedAt = performance.now();
      await until(async () => (await rowsOf(tenants)).every(({ fencing_token }) => fencing_token >= 3));
      expect((performance.now() - stoppedAt) / 1_000).toBeLessThan(LEASE_MS / 4_000);
      await until(() => isOver(tenants));
      for (const row of await rowsOf(tenants)) expect(row).toMatchObject({ attempt: 1, fencing_token: 3 });
      const { rows } = await under.database.admin.query(
        'SELECT count(*)::integer AS publications FROM publication WHERE tenant_id = ANY($1) GROUP BY tenant_id',
        [tenants.map(({ id }) => id)],
      );
      expect(rows).toEqual([{ publications: 1 }, { publications: 1 }]);
    },
    PATIENCE_MS,
  );
});

describe('the depth of the queue', () => {
  it(
    'is what is due, whoever has it, and falls to nothing',
    async () => {
      const tenants = await request(3, 1_500, 0);
      const later = await request(1, 10, 0);
      const { admin } = under.database;
      await admin.query(
        `UPDATE run SET created_at = now() - interval '100 seconds', not_before = now() - interval '100 seconds', kind = 'nightly' WHERE tenant_id = $1`,
        [tenants[0].id],
      );
      await admin.query(`UPDATE run SET not_before = now() + interval '1 hour' WHERE tenant_id = $1`, [
        later[0].id,
      ]);
      await admin.query(`UPDATE run SET status = 'admitted' WHERE tenant_id = $1`, [tenants[1].id]);
      const depth = await new PostgresFleetRunRepository(under.database.platform).queueDepth();
      expect(depth).toMatchObject({ prioritised: 1, waiting: 1, active: 1 });
      expect(depth.oldestSeconds).toBeGreaterThanOrEqual(100);
      expect(depth.oldestSeconds).toBeLessThan(160);
      const worker = await startWorker(0);
      await until(() => isOver(tenants));
      const metrics = await (await fetch(worker.metrics)).text();
      for (const state of ['prioritised', 'waiting', 'active'])
        expect(metrics).toMatch(
          new RegExp(`^nightshift_queue_depth\\{[^}]*state="${state}"[^}]*\\} 0$`, 'm'),
        );
      expect(metrics).toMatch(/^nightshift_queue_oldest_seconds(\{[^}]*\})? 0$/m);
    },
    PATIENCE_MS,
  );
});
