import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { KeyUseRepository } from '#libs/domain';
import { RequestLimits } from '../limits/request-limits.js';

const EVERY_MS = 60_000;

/** Notes once a minute which keys were used: a write for each request would cost more than the request. */
@Injectable()
export class KeyUseNotes implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(KeyUseNotes.name);
  private timer: NodeJS.Timeout | undefined;
  private notedUntil = 0;

  constructor(
    private readonly limits: RequestLimits,
    private readonly repository: KeyUseRepository,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.note(), EVERY_MS).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.note();
  }

  /** Never rejects: when the database is away, the next note says the same. */
  async note(): Promise<void> {
    const now = Date.now();
    const uses = this.limits.usedSince(this.notedUntil);
    try {
      if (uses.length > 0) await this.repository.note(uses);
      this.notedUntil = now;
    } catch (error) {
      this.logger.debug({ err: error }, 'The uses of keys cannot be noted now.');
    }
  }
}
