import { randomUUID } from 'node:crypto';
import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Environment } from '#libs/config';
import { TenantRequestsRepository } from '#libs/domain';
import { RequestLimits } from '#libs/http';
import { PointerTable } from '../pointers/pointer-table.js';

/** In units of POLL_MS: a quota is for a day, and may be overdrawn by what comes in within this time. */
const POLLS_BETWEEN = 5;

/**
 * A tenant's quota counts on all nodes together: each tells the others what it has answered. Where the database is away each goes
 * on with what it last heard.
 */
@Injectable()
export class QuotaExchangeService implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(QuotaExchangeService.name);
  private readonly nodeId = randomUUID();
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  private working: Promise<void> | undefined;

  constructor(
    private readonly repository: TenantRequestsRepository,
    private readonly limits: RequestLimits,
    private readonly table: PointerTable,
    private readonly environment: Environment,
  ) {}

  /** Not waited for: a node starts without the database. */
  onApplicationBootstrap(): void {
    this.working = this.exchange().finally(() => this.schedule());
  }

  /** What was answered last is told as well: a restart forgets nothing. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.working;
    await this.exchange();
  }

  /** Never fails. @param now epoch milliseconds */
  async exchange(now = Date.now()): Promise<void> {
    const everybodys = this.environment.TENANT_REQUESTS_PER_DAY;
    const tenantIds = this.table.tenants
      .filter(({ requestsPerDay = everybodys }) => requestsPerDay > 0)
      .map(({ tenantId }) => tenantId);
    if (tenantIds.length === 0) return;
    try {
      const day = new Date(now).toISOString().slice(0, 10);
      const requests = this.limits.requestsOf(tenantIds, now);
      const others = await this.repository.exchange({ nodeId: this.nodeId, day, requests });
      this.limits.noteElsewhere(tenantIds, others, now);
    } catch (error) {
      this.logger.debug({ err: error }, 'Quotas could not be compared with other nodes.');
    }
  }

  private schedule(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.working = this.exchange().finally(() => this.schedule());
    }, POLLS_BETWEEN * this.environment.POLL_MS);
    this.timer.unref();
  }
}
