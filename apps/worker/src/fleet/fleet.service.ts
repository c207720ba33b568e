import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { WorkerRepository } from '#libs/domain';
import type { Drain } from '../runs/drain.js';
import type { RepeatingTask } from './repeating-task.js';

/** Starts and stops what a worker does by the clock, and says that it is there. */
export class FleetService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    private readonly workerId: string,
    private readonly workers: WorkerRepository,
    private readonly drain: Drain,
    private readonly tasks: readonly RepeatingTask[],
  ) {}

  onApplicationBootstrap(): void {
    for (const task of this.tasks) task.start();
  }

  /** Before the queue's workers are closed: they wait for their runs, for as long as the grace period lasts. */
  async beforeApplicationShutdown(): Promise<void> {
    this.drain.begin();
    await Promise.all(this.tasks.map((task) => task.stop()));
    await this.workers.leave(this.workerId).catch(() => undefined);
  }
}
