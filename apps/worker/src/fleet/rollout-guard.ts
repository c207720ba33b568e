import { Logger } from '@nestjs/common';
import type { Leadership, RolloutService } from '#libs/domain';

/** Looks how a new template version fares with its first tenants, and takes it back when they fare worse. */
export class RolloutGuard {
  private readonly logger = new Logger(RolloutGuard.name);

  constructor(
    private readonly rollouts: RolloutService,
    private readonly leadership: Leadership,
  ) {}

  async tick(now = new Date()): Promise<boolean> {
    const stopped =
      (await this.leadership.ifLeader('roll-out guard', () => this.rollouts.watch(now))) ?? false;
    if (stopped)
      this.logger.warn('a roll-out has been stopped: its tenants have their former template again');
    return stopped;
  }
}
