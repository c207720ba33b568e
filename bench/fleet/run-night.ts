// One night of the whole fleet: planned for all tenants at once, done when the last run has ended.
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { createPostgresPool, PostgresFleetRunRepository } from '#libs/persistence';
import type { FleetPlatform } from './fleet-platform.ts';
import { say, type WorkerProcess } from './fleet-platform.ts';
import { familyMemoryMb, peakRssMb, familyCpuSeconds } from './process-usage.ts';

/** A tenant's lists are to be fresh six hours after its midnight; here all midnights are the moment of planning. */
const DEADLINE_MS = 6 * 3_600_000;
const LOOK_EVERY_MS = 500;
const SAY_EVERY_MS = 10_000;
/** Whole seconds without an ended run and without a busy worker: something is stuck. */
const STUCK_MS = 30 * 60_000;

export interface NightMeasured {
  readonly runs: number;
  readonly nightSeconds: number;
  /** Of workers, PostgreSQL with its backends, and Redis, from planning to the end of the last run. */
  readonly cpuSeconds: number;
  readonly cpuOf: Readonly<Record<string, number>>;
  readonly kernelCpuSeconds: number;
  readonly kernelOf: Readonly<Record<string, number>>;
  readonly transactionsPerRun: number;
  readonly p50RunSeconds: number;
  readonly p95RunSeconds: number;
  readonly longestRunSeconds: number;
  readonly peakRssMb: Readonly<Record<string, number>>;
  readonly late: number;
  readonly failed: number;
  readonly retried: number;
  readonly outcomes: Readonly<Record<string, number>>;
}

interface Progress {
  readonly ended: number;
  readonly failed: number;
  readonly running: number;
}

/** @param slugs absent: everybody */
export async function runNight(
  platform: FleetPlatform,
  workers: readonly WorkerProcess[],
  slugs?: readonly string[],
): Promise<NightMeasured> {
  const before = await readCpu(platform, workers);
  const transactionsBefore = await transactions(platform.admin);
  const startedAt = new Date();
  const runs = await plan(platform, slugs);
  say(`${runs} runs planned`);
  const peakRss = await untilAllHaveEnded(platform, workers, runs, startedAt.getTime());
  const nightSeconds = (Date.now() - startedAt.getTime()) / 1000;
  const after = await readCpu(platform, workers);
  const kernelOf = Object.fromEntries(
    Object.entries(after.kernelOf).map(([task, seconds]) => [
      task,
      rounded(seconds - (before.kernelOf[task] ?? 0)),
    ]),
  );
  const spent = await transactions(platform.admin);
  const cpuOf = Object.fromEntries(
    Object.entries(after.cpuOf).map(([name, seconds]) => [name, rounded(seconds - before.cpuOf[name])]),
  );
  return {
    runs,
    nightSeconds: rounded(nightSeconds),
    cpuSeconds: rounded(sum(Object.values(cpuOf))),
    cpuOf,
    kernelCpuSeconds: rounded(sum(Object.values(kernelOf))),
    kernelOf,
    transactionsPerRun: rounded((spent - transactionsBefore) / runs),
    peakRssMb: peakRss,
    ...(await describeRuns(platform.admin, startedAt)),
  };
}

/** By the planner's own code, without its jitter: the whole night at once. A tenant that was made today had no midnight yet: here it was made the week before. */
async function plan(platform: FleetPlatform, slugs: readonly string[] | undefined): Promise<number> {
  const { admin } = platform;
  await admin.query(`UPDATE tenant SET created_at = now() - interval '7 days'`);
  if (slugs !== undefined)
    await admin.query(
      `UPDATE tenant SET state = CASE WHEN slug = ANY($1) THEN 'on' ELSE 'off' END::lifecycle_state`,
      [slugs],
    );
  const pool = createPostgresPool({
    connectionString: platform.logins.platform,
    max: 4,
    applicationName: 'bench-planner',
  });
  try {
    await new PostgresFleetRunRepository(pool, 0).planNights(new Date());
  } finally {
    await pool.end();
  }
  const { rows } = await admin.query<{ runs: number }>(
    'SELECT count(*)::integer AS runs FROM run WHERE active',
  );
  return rows[0].runs;
}

async function untilAllHaveEnded(
  platform: FleetPlatform,
  workers: readonly WorkerProcess[],
  runs: number,
  startedMs: number,
): Promise<Record<string, number>> {
  let [saidAt, endedAt, lastEnded] = [0, Date.now(), -1];
  let postgresMb = 0;
  for (;;) {
    const { ended, failed, running } = await look(platform.admin);
    if (ended !== lastEnded) [lastEnded, endedAt] = [ended, Date.now()];
    const isOver = ended === runs;
    if (isOver || Date.now() - saidAt > SAY_EVERY_MS) {
      saidAt = Date.now();
      postgresMb = Math.max(postgresMb, familyMemoryMb(platform.pidOf('postgres')));
      const seconds = Math.round((saidAt - startedMs) / 1000);
      const kernel = rounded(sum(await Promise.all(workers.map(kernelSeconds))));
      say(
        `${seconds} s: ${ended} of ${runs} ended, ${failed} failed, ${running} running; kernel ${kernel} s`,
      );
    }
    if (isOver) break;
    const dead = workers.find(({ child }) => child.exitCode !== null || child.signalCode !== null);
    if (dead !== undefined)
      throw new Error(`A worker has died (${dead.child.exitCode ?? dead.child.signalCode}).`);
    if (Date.now() - endedAt > STUCK_MS) throw new Error('No run has ended for half an hour.');
    await sleep(LOOK_EVERY_MS);
  }
  return {
    ...Object.fromEntries(workers.map(({ pid }, index) => [`worker${index + 1}`, peakRssMb(pid)])),
    postgres: postgresMb,
    redis: peakRssMb(platform.pidOf('redis')),
  };
}

async function look(admin: pg.Pool): Promise<Progress> {
  const { rows } = await admin.query<Progress>(
    `SELECT count(*) FILTER (WHERE status IN ('succeeded', 'failed'))::integer AS ended,
            count(*) FILTER (WHERE status = 'failed')::integer AS failed,
            count(*) FILTER (WHERE status = 'running')::integer AS running FROM run`,
  );
  return rows[0];
}

async function describeRuns(admin: pg.Pool, startedAt: Date) {
  const { rows } = await admin.query<
    Record<'p50' | 'p95' | 'longest' | 'late' | 'failed' | 'retried', number>
  >(
    `SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) AS p50,
            percentile_cont(0.95) WITHIN GROUP (ORDER BY seconds) AS p95, max(seconds) AS longest,
            count(*) FILTER (WHERE finished_at IS NULL OR finished_at > $1)::integer AS late,
            count(*) FILTER (WHERE status <> 'succeeded')::integer AS failed,
            count(*) FILTER (WHERE attempt > 1)::integer AS retried
     FROM (SELECT *, extract(epoch FROM finished_at - started_at)::double precision AS seconds FROM run) AS r`,
    [new Date(startedAt.getTime() + DEADLINE_MS)],
  );
  const { p50, p95, longest, late, failed, retried } = rows[0];
  const outcomes = await admin.query<{ outcome: string; count: number }>(
    `SELECT COALESCE(outcome::text, error_code, status::text) AS outcome, count(*)::integer AS count FROM run GROUP BY 1`,
  );
  return {
    p50RunSeconds: rounded(p50),
    p95RunSeconds: rounded(p95),
    longestRunSeconds: rounded(longest),
    late,
    failed,
    retried,
    outcomes: Object.fromEntries(outcomes.rows.map(({ outcome, count }) => [outcome, count])),
  };
}

async function readCpu(platform: FleetPlatform, workers: readonly WorkerProcess[]) {
  const cpuOf: Record<string, number> = {
    postgres: platform.cpuSecondsOf('postgres'),
    redis: platform.cpuSecondsOf('redis'),
  };
  workers.forEach(({ pid }, index) => (cpuOf[`worker${index + 1}`] = familyCpuSeconds(pid)));
  const kernels = await Promise.all(workers.map(kernelSecondsOf));
  const kernelOf: Record<string, number> = {};
  for (const kernel of kernels)
    for (const [task, seconds] of Object.entries(kernel)) kernelOf[task] = (kernelOf[task] ?? 0) + seconds;
  return { cpuOf, kernelOf };
}

/** As the worker itself says. */
async function kernelSeconds(worker: WorkerProcess): Promise<number> {
  return sum(Object.values(await kernelSecondsOf(worker)));
}

async function kernelSecondsOf({ port }: WorkerProcess): Promise<Record<string, number>> {
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`).catch(() => undefined);
  const text = (await answer?.text()) ?? '';
  const samples = text.matchAll(/^nightshift_kernel_cpu_seconds_total\{task="([^"]+)"[^}]*\} (\S+)$/gm);
  return Object.fromEntries([...samples].map(([, task, seconds]) => [task, rounded(Number(seconds))]));
}

async function transactions(admin: pg.Pool): Promise<number> {
  // Backends report with a delay of up to a second.
  await sleep(1_100);
  const { rows } = await admin.query<{ count: number }>(
    'SELECT sum(xact_commit + xact_rollback)::double precision AS count FROM pg_stat_database',
  );
  return rows[0].count;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

export function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
