import { Processor, WorkerHost } from '@nestjs/bullmq';
import { Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { DelayedError, UnrecoverableError, type Job } from 'bullmq';
import { Environment } from '#libs/config';
import { TRAINING_QUEUE, type JobName, type JobPayloads } from '#libs/jobs';
import { Drain } from './drain.js';
import { EmptyQueue } from './empty-queue.js';
import { STOPPING } from './run-execution.js';
import { RunLanes } from './run-lanes.js';

const LANE_RETRY_MS = 2_000;

/** Takes runs off the queue. The job only says which run may be claimed: everything that counts is in Postgres. */
@Processor(TRAINING_QUEUE)
export class RunPipelineProcessor
  extends WorkerHost
  implements OnApplicationBootstrap, BeforeApplicationShutdown
{
  /** Checked against the registry at boot. */
  static readonly handles: readonly JobName[] = ['run-pipeline'];
  private readonly logger = new Logger(RunPipelineProcessor.name);

  constructor(
    private readonly lanes: RunLanes,
    private readonly environment: Environment,
    private readonly emptyQueue: EmptyQueue,
    private readonly drain: Drain,
  ) {
    super();
  }

  onApplicationBootstrap(): void {
    // One more than there are threads for whole runs: a large run does not take one of theirs.
    this.worker.concurrency = this.environment.WORKER_SLOTS + 1;
    // A slot that is free gets its next run at once, not at the dispatcher's next beat.
    this.worker.on('drained', () => this.emptyQueue.tell());
    // Redis that is away is reported by the readiness check; without a listener each attempt would end the process.
    this.worker.on('error', (error) => this.logger.debug({ err: error }, 'queue connection'));
  }

  /** Jobs that wait are left to others. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.worker.pause(true);
  }

  override async process(job: Job<JobPayloads['run-pipeline']>, token?: string): Promise<string> {
    const { tenantId, runId } = job.data;
    const result = await Promise.race([
      this.lanes.execute(tenantId, runId),
      this.drain.timeIsUp.then(() => STOPPING),
    ]);
    if (result === undefined) {
      // Its lane is taken: the slot is for others meanwhile.
      await job.moveToDelayed(Date.now() + LANE_RETRY_MS, token);
      throw new DelayedError();
    }
    this.logger.log({ tenantId, runId, result }, 'run left the worker');
    // A run that has failed for good stays visible among the queue's failed jobs: the dead letters.
    if (result.ended === 'failed') throw new UnrecoverableError(result.message);
    return result.ended;
  }
}
