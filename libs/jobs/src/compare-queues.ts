import type { Job, JobType, Queue } from 'bullmq';
import { setTimeout as sleep } from 'node:timers/promises';
import type {
  StoreDifference,
  FleetErasureRepository,
  FleetExportRepository,
  FleetRunRepository,
  FleetTenantRepository,
} from '#libs/domain';
import { answerInTime } from './answer-in-time.js';
import type { JobPublisher } from './job-publisher.js';
import { JOBS, type JobName, type JobPayloads } from './job-registry.js';

export interface QueueComparison {
  readonly queues: readonly Queue[];
  readonly publisher: JobPublisher;
  readonly runs: FleetRunRepository;
  readonly exports: FleetExportRepository;
  readonly erasures: FleetErasureRepository;
  readonly tenants: FleetTenantRepository;
}

/** A dispatcher writes to Postgres first and tells Redis a moment later. */
const SECOND_LOOK_MS = 2_000;
const ANSWER_MS = 30_000;
const NOT_BEGUN: JobType[] = ['waiting', 'prioritized', 'delayed'];

type Wanted = { [N in JobName]: { readonly name: N; readonly payload: JobPayloads[N] } }[JobName];

/**
 * What Postgres says should be announced, and what the queues hold. A job that is missing is announced again; one for which
 * there is nothing to do any more is removed, unless a worker has it: that one finds nothing and ends it.
 * @throws UnavailableError when Redis does not answer
 */
export async function compareQueues(
  ports: QueueComparison,
  repair: boolean,
): Promise<{ differences: StoreDifference[]; checked: number }> {
  const { missing, wanted } = await findMissing(ports);
  const leftovers = await findLeftoverJobs(ports);
  const schedules = await strangeSchedules(ports.queues);
  if (repair) {
    for (const one of missing) await announce(ports.publisher, one);
    // A schedule holds its next job: that one can only go after it.
    for (const { queue, id } of schedules) await queue.removeJobScheduler(id);
    for (const { job } of leftovers) await job.remove().catch(() => undefined);
  }
  const result = repair ? ('done' as const) : null;
  const of = (problem: 'missing' | 'leftover', what: string): StoreDifference => {
    return { store: 'redis', problem, tenant: null, what, repair: result };
  };
  const differences = [
    ...missing.map((one) => of('missing', keyOf(one))),
    ...leftovers.map(({ job }) => of('leftover', String(job.id))),
    ...schedules.map(({ queue, id }) => of('leftover', `schedule ${id} of ${queue.name}`)),
  ];
  return { differences, checked: wanted + leftovers.length };
}

async function findMissing(ports: QueueComparison): Promise<{ missing: Wanted[]; wanted: number }> {
  const first = await missingNow(ports);
  if (first.missing.length === 0) return first;
  await sleep(SECOND_LOOK_MS);
  const second = await missingNow(ports);
  const before = new Set(first.missing.map(keyOf));
  return { missing: second.missing.filter((one) => before.has(keyOf(one))), wanted: second.wanted };
}

async function missingNow(ports: QueueComparison): Promise<{ missing: Wanted[]; wanted: number }> {
  const wanted: Wanted[] = [
    ...(await ports.runs.unclaimed()).map((payload) => ({ name: 'run-pipeline' as const, payload })),
    ...(await ports.exports.claimable()).map((payload) => ({ name: 'export-lists' as const, payload })),
    ...(await ports.erasures.claimable()).map((payload) => ({ name: 'erase-data' as const, payload })),
  ];
  const missing: Wanted[] = [];
  for (const one of wanted) {
    const queue = queueOf(ports.queues, one.name);
    const state = await answerInTime(ANSWER_MS, () => queue.getJobState(keyOf(one)));
    if (state === 'unknown' || state === 'failed' || state === 'completed') missing.push(one);
  }
  return { missing, wanted: wanted.length };
}

async function findLeftoverJobs(ports: QueueComparison): Promise<{ job: Job }[]> {
  // Redis first: what is announced from now on is not looked at.
  const jobs: Job[] = [];
  for (const queue of ports.queues)
    jobs.push(...(await answerInTime(ANSWER_MS, () => queue.getJobs(NOT_BEGUN))));
  const tenants = new Set((await ports.tenants.list()).map(({ id }) => id));
  const unfinished = new Set(await ports.runs.unfinished());
  return jobs
    .filter((job) => {
      const { tenantId, runId } = job.data as { tenantId: number; runId?: string };
      return !tenants.has(tenantId) || (runId !== undefined && !unfinished.has(runId));
    })
    .map((job) => ({ job }));
}

/** Nothing is scheduled in Redis: nights are planned in Postgres. What is there comes from elsewhere. */
async function strangeSchedules(queues: readonly Queue[]): Promise<{ queue: Queue; id: string }[]> {
  const found: { queue: Queue; id: string }[] = [];
  for (const queue of queues) {
    const schedulers = await answerInTime(ANSWER_MS, () => queue.getJobSchedulers());
    for (const { key } of schedulers) found.push({ queue, id: key });
  }
  return found;
}

function announce(publisher: JobPublisher, { name, payload }: Wanted): Promise<void> {
  return publisher.ensure(name, payload as JobPayloads[typeof name]);
}

function keyOf({ name, payload }: Wanted): string {
  return (JOBS[name].dedupeKey as (payload: object) => string)(payload);
}

function queueOf(queues: readonly Queue[], name: JobName): Queue {
  return queues.find((queue) => queue.name === JOBS[name].queue) as Queue;
}
