import { WorkerHost } from '@nestjs/bullmq';
import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { answerInTime } from './answer-in-time.js';

const ANSWER_TIMEOUT_MS = 2_000;
/** Longer than one waits between two attempts to reach Redis. */
const END_TIMEOUT_MS = 4_000;

/**
 * Lets a process end while Redis hangs or is gone. BullMQ says good-bye to Redis and waits for the answer without an end; so where
 * Redis does not answer, workers are closed by force and the queues' connections ended before that. What was being worked on is in Postgres.
 */
@Injectable()
export class QueueShutdown implements BeforeApplicationShutdown {
  constructor(private readonly discovery: DiscoveryService) {}

  async beforeApplicationShutdown(): Promise<void> {
    const instances = this.discovery.getProviders().map(({ instance }) => instance as unknown);
    const queues = instances.filter((instance) => instance instanceof Queue);
    try {
      await answerInTime(ANSWER_TIMEOUT_MS, () => Promise.all(queues.map((queue) => queue.isPaused())));
    } catch {
      const workers = instances
        .filter((instance) => instance instanceof WorkerHost)
        .map((host) => host.worker);
      // Without force a worker tries to tell Redis of a finished job, again and again with 15 s between.
      const closing = workers.map((worker) => worker.close(true));
      // Before the first connection there is no client to wait for, and closing knows that.
      const ended = queues.map(
        async ({ backend }) => backend.client && endConnection((await backend.client) as unknown as Redis),
      );
      await answerInTime(END_TIMEOUT_MS, () => Promise.all([...ended, ...closing])).catch(() => undefined);
    }
  }
}

/** One that waits for its next attempt would never end if it was cut off now (BullMQ #4585): its attempt is its last. */
async function endConnection(client: Redis): Promise<void> {
  if (client.status === 'end') return;
  const ended = new Promise((resolve) => client.once('end', resolve));
  client.options.retryStrategy = () => null;
  if (client.status !== 'reconnecting') client.disconnect();
  await ended;
}
