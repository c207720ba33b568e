import type { Queue } from 'bullmq';
import { JOBS, QUEUES, type JobName, type JobPayloads } from './job-registry.js';

export class JobPublisher {
  private readonly queues: ReadonlyMap<string, Queue>;

  /** @throws Error when a queue of the registry is missing */
  constructor(queues: readonly Queue[]) {
    this.queues = new Map(queues.map((queue) => [queue.name, queue]));
    const missing = QUEUES.filter((name) => !this.queues.has(name));
    if (missing.length > 0) throw new Error(`No connection to the queue ${missing.join(', ')}.`);
  }

  /** Makes sure that the job waits or runs; the same job twice is one. */
  async ensure<N extends JobName>(name: N, payload: JobPayloads[N]): Promise<void> {
    const definition = JOBS[name];
    const queue = this.queues.get(definition.queue) as Queue;
    const jobId = definition.dedupeKey(payload);
    const known = await queue.getJob(jobId);
    // One that has ended keeps its id for a while, and BullMQ would silently ignore another of that id.
    if (known !== undefined && (await known.isFailed())) await known.remove();
    const removeOnFail = { age: definition.deadLetterDays * 86_400 };
    await queue.add(name, payload, { jobId, attempts: 1, removeOnComplete: true, removeOnFail });
  }

  /** Jobs by state, over all queues. */
  async counts(): Promise<Record<string, number>> {
    const totals: Record<string, number> = {};
    for (const queue of this.queues.values()) {
      for (const [state, count] of Object.entries(await queue.getJobCounts()))
        totals[state] = (totals[state] ?? 0) + count;
    }
    return totals;
  }
}
