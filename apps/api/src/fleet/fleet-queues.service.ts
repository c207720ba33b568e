import type { OnApplicationShutdown } from '@nestjs/common';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import type { Environment } from '#libs/config';
import { answerInTime, QUEUES, redisOptions } from '#libs/jobs';
import type { QueueDto } from './fleet-report.dto.js';

const TIMEOUT_MS = 1_000;

/** Looks into the queues. Connected with the first look: the control plane works without Redis. */
export class FleetQueues implements OnApplicationShutdown {
  private queues: Queue[] | undefined;
  private redis: Redis | undefined;

  constructor(private readonly environment: Environment) {}

  /** Undefined while Redis does not answer. */
  async counts(): Promise<QueueDto[] | undefined> {
    if (this.environment.REDIS_URL === undefined) return undefined;
    this.queues ??= this.connect(this.environment);
    const { queues } = this;
    return answerInTime(TIMEOUT_MS, () => Promise.all(queues.map(countsOf))).catch(() => undefined);
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
