import { Queue } from 'bullmq';
import type { Environment } from '#libs/config';
import { JobPublisher } from './job-publisher.js';
import { QUEUES } from './job-registry.js';
import { redisOptions } from './redis-options.js';

export interface OpenQueues {
  readonly queues: readonly Queue[];
  readonly publisher: JobPublisher;
  close(): Promise<void>;
}

/** The queues for whoever looks at them once: without a module, and without waiting for a Redis that is away. */
export function openQueues(environment: Environment): OpenQueues {
  const connection = {
    ...redisOptions(environment),
    retryStrategy: (times: number) => (times > 3 ? null : 200),
  };
  const queues = QUEUES.map((name) => {
    const queue = new Queue(name, { connection, prefix: environment.REDIS_PREFIX });
    // Said by the call that needed it.
    queue.on('error', () => undefined);
    return queue;
  });
  const close = async () => {
    await Promise.all(queues.map((queue) => queue.close().catch(() => queue.disconnect())));
  };
  return { queues, publisher: new JobPublisher(queues), close };
}
