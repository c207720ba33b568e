import type { OnApplicationShutdown } from '@nestjs/common';
import { Queue, type Job } from 'bullmq';
import { Redis } from 'ioredis';
import type { Environment } from '#libs/config';
import { answerInTime, QUEUES, redisOptions } from '#libs/jobs';
import type { JobState, QueueDto } from './fleet-queue.dto.js';

const TIMEOUT_MS = 1_000;

/** Looks into the queues. Connected with the first look: the control plane works without Redis. */
export class FleetQueues implements OnApplicationShutdown {
  private queues: Queue[] | undefined;
  private redis: Redis | undefined;

  constructor(private readonly environment: Environment) {}

  /** Undefined while Redis does not answer. */
  counts(): Promise<QueueDto[] | undefined> {
    return this.look((queues) => Promise.all(queues.map(countsOf)));
  }

  /** Of one queue: those that wait in their order, the others newest first. Undefined while Redis does not answer. */
  jobs(name: string, state: JobState, limit: number): Promise<Job<{ tenantId?: number }>[] | undefined> {
    return this.look(async (queues) => {
      const queue = queues.find((each) => each.name === name);
      const jobs = (await queue?.getJobs([state], 0, limit - 1, state === 'waiting')) ?? [];
      // One that ends between two looks is listed and not there any more.
      return jobs.filter((job) => job !== undefined) as Job<{ tenantId?: number }>[];
    });
  }

  private async look<T>(work: (queues: readonly Queue[]) => Promise<T>): Promise<T | undefined> {
    if (this.environment.REDIS_URL === undefined) return undefined;
    this.queues ??= this.connect(this.environment);
    const { queues } = this;
    return answerInTime(TIMEOUT_MS, () => work(queues)).catch(() => undefined);
  }

  /** Not through the queues: they would wait for a Redis that is away. */
  onApplicationShutdown(): void {
    this.redis?.disconnect();
  }

  private connect(environment: Environment): Queue[] {
    const redis = new Redis(redisOptions(environment));
    // Without a listener a Redis that is away would end the process.
    redis.on('error', () => undefined);
    this.redis = redis;
    return QUEUES.map((name) => {
      const queue = new Queue(name, { connection: redis, prefix: environment.REDIS_PREFIX });
      queue.on('error', () => undefined);
      return queue;
    });
  }
}

async function countsOf(queue: Queue): Promise<QueueDto> {
  const counts = await queue.getJobCounts('waiting', 'active', 'delayed', 'failed', 'completed');
  const { waiting = 0, active = 0, delayed = 0, failed = 0, completed = 0 } = counts;
  return { name: queue.name, waiting, active, delayed, failed, completed };
}
