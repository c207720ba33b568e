import { Logger } from '@nestjs/common';
import type { FleetRunRepository, Leadership } from '#libs/domain';

/** Looks whose night has begun. */
export class Planner {
  private readonly logger = new Logger(Planner.name);

  constructor(
    private readonly runs: FleetRunRepository,
    private readonly leadership: Leadership,
  ) {}

  async tick(now = new Date()): Promise<number> {
    const planned = (await this.leadership.ifLeader('planner', () => this.runs.planNights(now))) ?? 0;
    if (planned > 0) this.logger.log({ planned }, 'nightly runs planned');
    return planned;
  }
}
