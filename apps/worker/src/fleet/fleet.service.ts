import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common';
import type { WorkerRepository } from '#libs/domain';
import type { StopSignal } from '../runs/stop-signal.js';
import type { RepeatingTask } from './repeating-task.js';

/** Starts and stops what a worker does by the clock, and says that it is there. */
export class FleetService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    private readonly workerId: string,
    private readonly workers: WorkerRepository,
    private readonly stopSignal: StopSignal,
    private readonly tasks: readonly RepeatingTask[],
  ) {}

  onApplicationBootstrap(): void {
    for (const task of this.tasks) task.start();
  }

  /** Before the queue's workers are closed: they wait for their runs, which now end with their stage. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopSignal.raise();
    await Promise.all(this.tasks.map((task) => task.stop()));
    await this.workers.leave(this.workerId).catch(() => undefined);
  }
}
