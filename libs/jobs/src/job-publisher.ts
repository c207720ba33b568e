import type { Queue } from 'bullmq';
import { answerInTime } from './answer-in-time.js';
import { JOBS, QUEUES, type JobName, type JobPayloads } from './job-registry.js';

/** Redis answers in a millisecond or has a problem, and Postgres knows what is due when it is over. */
const ANSWER_TIMEOUT_MS = 5_000;

export class JobPublisher {
  private readonly queues: ReadonlyMap<string, Queue>;

  /** @throws Error when a queue of the registry is missing */
  constructor(
    queues: readonly Queue[],
    private readonly timeoutMs = ANSWER_TIMEOUT_MS,
  ) {
    this.queues = new Map(queues.map((queue) => [queue.name, queue]));
    const missing = QUEUES.filter((name) => !this.queues.has(name));
    if (missing.length > 0) throw new Error(`No connection to the queue ${missing.join(', ')}.`);
  }

  /**
   * Makes sure that the job waits or runs; the same job twice is one.
   * @throws UnavailableError when Redis does not answer in time
   */
  async ensure<N extends JobName>(name: N, payload: JobPayloads[N]): Promise<void> {
    await answerInTime(this.timeoutMs, (signal) => this.add(name, payload, signal));
  }

  /** Jobs by state, over all queues. @throws UnavailableError when Redis does not answer in time */
  async counts(): Promise<Record<string, number>> {
    return answerInTime(this.timeoutMs, async () => {
      const totals: Record<string, number> = {};
      for (const queue of this.queues.values()) {
        for (const [state, count] of Object.entries(await queue.getJobCounts()))
          totals[state] = (totals[state] ?? 0) + count;
      }
      return totals;
    });
  }

  private async add<N extends JobName>(name: N, payload: JobPayloads[N], signal: AbortSignal): Promise<void> {
    const definition = JOBS[name];
    const queue = this.queues.get(definition.queue) as Queue;
    const jobId = definition.dedupeKey(payload);
    const known = await queue.getJob(jobId);
    // One that has ended keeps its id for a while, and BullMQ would silently ignore another of that id.
    const isOver = known !== undefined && (await known.isFailed());
    // Long after the caller gave up, the job may be another one's by now.
    signal.throwIfAborted();
    if (isOver) await known.remove();
    const removeOnFail = { age: definition.deadLetterDays * 86_400 };
    await queue.add(name, payload, { jobId, attempts: 1, removeOnComplete: true, removeOnFail });
  }
}
