import { WorkerHost } from '@nestjs/bullmq';
import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { Queue } from 'bullmq';
import { answerInTime } from './answer-in-time.js';

const ANSWER_TIMEOUT_MS = 2_000;

/**
 * Lets a process end while Redis hangs. BullMQ says good-bye to Redis and waits for the answer without an end; so where
 * Redis does not answer, its connections are cut off before that. What was being worked on is in Postgres.
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
      // Not waited for: before the first connection there is none to cut off, and closing knows that.
      for (const connected of [...queues, ...workers]) void connected.disconnect().catch(() => undefined);
    }
  }
}
