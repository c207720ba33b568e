import { Logger } from '@nestjs/common';
import type { FleetRetentionRepository, RetentionReport, RetentionService } from '#libs/domain';
import type { MaintenanceMetrics } from './maintenance-metrics.js';

/** Taken over if a worker falls silent for so long; told again before each tenant. */
const LEASE_MS = 600_000;

/** Once a day in UTC, by one worker of the fleet: what the policy no longer keeps is removed. */
export class MaintenanceService {
  private readonly logger = new Logger(MaintenanceService.name);
  private stopped = false;

  constructor(
    private readonly fleet: FleetRetentionRepository,
    private readonly retention: RetentionService,
    private readonly metrics: MaintenanceMetrics,
    /** A worker that has just started has more urgent things to do. */
    private readonly notBefore: number,
  ) {}

  async tick(now = new Date()): Promise<RetentionReport | undefined> {
    if (now.getTime() < this.notBefore) return undefined;
    const day = now.toISOString().slice(0, 10);
    const attempt = await this.fleet.claim(day, LEASE_MS);
    if (attempt === undefined) return undefined;
    const startedMs = performance.now();
    const report = await this.retention.apply({
      now,
      onTenant: async () => {
        if (this.stopped) throw new Error('The worker is stopping; another one goes on.');
        await this.fleet.extend(day, attempt, LEASE_MS);
      },
    });
    await this.fleet.finish(day, attempt, report.pruned);
    this.metrics.count(report, now);
    for (const failure of report.failed) this.logger.warn(failure, 'retention failed for a tenant');
    const seconds = (performance.now() - startedMs) / 1000;
    this.logger.log({ day, tenants: report.tenants, ...report.pruned, seconds }, 'maintenance done');
    return report;
  }

  stop(): void {
    this.stopped = true;
  }
}
