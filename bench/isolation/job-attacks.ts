import { Queue, type Job } from 'bullmq';
import type pg from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import { JOBS, type JobName } from '#libs/jobs';
import type { Ledger } from './ledger.ts';
import type { Trial } from './trial-tenant.ts';

const NOT_THERE = '00000000-0000-4000-8000-000000000000';
const ENDS_WITHIN_MS = 60_000;

/** Jobs that nobody has asked for: one tenant's name with what belongs to the other, and names that are none. */
export async function attackWithJobs(
  redisUrl: string,
  prefix: string,
  admin: pg.Client,
  trial: Trial,
  ledger: Ledger,
): Promise<void> {
  const { a, b } = trial;
  const { hostname: host, port, password } = new URL(redisUrl);
  const connection = { host, port: Number(port), password: decodeURIComponent(password) };
  const before = await runsOf(admin, a.id);
  for (const [name, payload] of forgedJobs(trial)) {
    const queue = new Queue(JOBS[name].queue, { connection, prefix });
    const job = await queue.add(name, payload, { attempts: 1, removeOnComplete: false, removeOnFail: false });
    const { state, result }: { state: string | undefined; result: unknown } = await ended(queue, job);
    const findings: string[] = [];
    if (state === undefined) findings.push('has not ended');
    const isDone = state === 'completed' && result !== 'notMine' && name === 'run-pipeline';
    if (isDone) findings.push(`was done: ${String(result)}`);
    findings.push(...trial.canaries.findIn(String(result), [...b.ids.runId, ...b.ids.exportId]));
    ledger.judged('jobs', `${name} ${JSON.stringify(payload)}`, findings);
    await job.remove().catch(() => undefined);
    await queue.close();
  }
  for (const change of await trial.changesOfB()) ledger.found('jobs', 'all of them', change);
  const after = await runsOf(admin, a.id);
  if (after !== before) ledger.found('jobs', 'all of them', "A's runs have changed");
}

function forgedJobs({ a, b }: Trial): [JobName, object][] {
  const runs: [JobName, object][] = [...b.ids.runId, NOT_THERE, '../../..', `${b.id}`].flatMap((runId) =>
    [a.id, String(a.id), [a.id, b.id], -1, `${b.id} OR true`, null].map((tenantId): [JobName, object] => [
      'run-pipeline',
      { tenantId, runId, attempt: 1 },
    ]),
  );
  const reverse: [JobName, object][] = a.ids.runId.map((runId) => [
    'run-pipeline',
    { tenantId: b.id, runId, attempt: 1 },
  ]);
  const exports: [JobName, object][] = [...b.ids.exportId, NOT_THERE, '../../../etc/passwd'].flatMap(
    (exportId) =>
      [a.id, String(a.id), [b.id], null].map((tenantId): [JobName, object] => [
        'export-lists',
        { tenantId, exportId, attempt: 1 },
      ]),
  );
  const reverseExports: [JobName, object][] = a.ids.exportId.map((exportId) => [
    'export-lists',
    { tenantId: b.id, exportId, attempt: 1 },
  ]);
  const counts: [JobName, object][] = [-1, '0', `${b.id} OR true`, [b.id, a.id], {}, null].map((tenantId) => [
    'attribute-outcomes',
    { tenantId },
  ]);
  return [...runs, ...reverse, ...exports, ...reverseExports, ...counts];
}

async function ended(queue: Queue, job: Job): Promise<{ state: string | undefined; result: unknown }> {
  const deadline = Date.now() + ENDS_WITHIN_MS;
  while (Date.now() < deadline) {
    const state = await job.getState();
    if (state === 'completed' || state === 'failed' || state === 'unknown') {
      const found = await queue.getJob(job.id ?? '');
      return { state, result: found?.returnvalue ?? found?.failedReason };
    }
    await sleep(20);
  }
  return { state: undefined, result: undefined };
}

async function runsOf(admin: pg.Client, tenantId: number): Promise<string> {
  const sql = `SELECT coalesce(string_agg(r::text, '|' ORDER BY run_id), '') AS text FROM run r WHERE tenant_id = $1`;
  return (await admin.query<{ text: string }>(sql, [tenantId])).rows[0].text;
}
