import { Counter, Gauge } from 'prom-client';
import type { RetentionReport } from '#libs/domain';
import type { MetricsRegistry } from '#libs/telemetry';

/** What this worker has removed, and when the fleet's last maintenance ended that it did. */
export class MaintenanceMetrics {
  private readonly pruned: Counter;
  private readonly failed: Gauge;
  private readonly finishedAt: Gauge;

  constructor(registry: MetricsRegistry) {
    const registers = [registry];
    this.pruned = new Counter({
      name: 'nightshift_pruned_total',
      help: 'Rows and files that retention has removed, by table or kind.',
      labelNames: ['what'],
      registers,
    });
    this.failed = new Gauge({
      name: 'nightshift_maintenance_failed_tenants',
      help: 'Tenants at which the last maintenance of this worker failed.',
      registers,
    });
    this.finishedAt = new Gauge({
      name: 'nightshift_maintenance_finished_timestamp_seconds',
      help: 'When this worker last finished the maintenance of a day; 0: never since it started.',
      registers,
    });
  }

  count({ pruned, failed }: RetentionReport, at: Date): void {
    for (const [what, count] of Object.entries(pruned)) this.pruned.labels(what).inc(count);
    this.failed.set(failed.length);
    this.finishedAt.set(at.getTime() / 1000);
  }
}
