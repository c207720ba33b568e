import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { randomUUID } from 'node:crypto';
import { JobPublisher, QUEUES, TRAINING_QUEUE } from '#libs/jobs';

/** The project's queues under a prefix of their own, so that tests can share a Redis that may be somebody else's. */
export interface TestQueues {
  readonly publisher: JobPublisher;
  readonly training: Queue;
  readonly redis: Redis;
  readonly prefix: string;
  /** What FLUSHALL does to these queues: Redis has never heard of any job. */
  forgetEverything(): Promise<void>;
  close(): Promise<void>;
}

export function openTestQueues(environment: NodeJS.ProcessEnv): TestQueues {
  const url = environment.TEST_REDIS_URL;
  if (url === undefined)
    throw new Error('TEST_REDIS_URL is not set: run this spec through the integration project of Jest.');
  const prefix = `${environment.TEST_REDIS_PREFIX ?? 'nightshift-test-'}${randomUUID()}`;
  const redis = new Redis(url, { maxRetriesPerRequest: null });
  const queues = QUEUES.map((name) => new Queue(name, { connection: redis, prefix }));
  const forgetEverything = async () => {
    const keys = await redis.keys(`${prefix}:*`);
    if (keys.length > 0) await redis.del(...keys);
  };
  const close = async () => {
    await forgetEverything();
    await Promise.all(queues.map((queue) => queue.close()));
    await redis.quit();
  };
  const training = queues[QUEUES.indexOf(TRAINING_QUEUE)];
  return { publisher: new JobPublisher(queues), training, redis, prefix, forgetEverything, close };
}
