import { randomUUID } from 'node:crypto';
import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { ServedAnswersRepository } from '#libs/domain';
import { ServingMetrics } from '../metrics/serving-metrics.js';
import { PendingAnswers } from './pending-answers.js';

const EVERY_MS = 60_000;

/** Hands on, once a minute, how often each tenant got which answer. What is not handed on yet dies with the process. */
@Injectable()
export class ServedAnswersService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(ServedAnswersService.name);
  private readonly pending = new PendingAnswers(randomUUID());
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  private working: Promise<void> = Promise.resolve();

  constructor(
    private readonly metrics: ServingMetrics,
    private readonly repository: ServedAnswersRepository,
  ) {}

  onApplicationBootstrap(): void {
    this.schedule();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.handOn();
  }

  /** One at a time. Never fails: what could not be handed on is kept. */
  handOn(now = new Date()): Promise<void> {
    // Of the minute that ends: at midnight these are yesterday's.
    this.pending.add(this.metrics.takeAnswers(), new Date(now.getTime() - 1_000));
    this.working = this.working.then(() =>
      this.pending
        .deliver((batch) => this.repository.add(batch))
        .catch((error: unknown) => this.logger.debug({ err: error }, 'answers could not be counted yet')),
    );
    return this.working;
  }

  /** On the minute, so that none lies across midnight. */
  private schedule(): void {
    if (this.stopped) return;
    this.timer = setTimeout(
      () => void this.handOn().finally(() => this.schedule()),
      EVERY_MS - (Date.now() % EVERY_MS),
    );
    this.timer.unref();
  }
}
