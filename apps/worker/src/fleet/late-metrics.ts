import { Gauge } from 'prom-client';
import type { FleetRunRepository } from '#libs/domain';
import type { MetricsRegistry } from '#libs/telemetry';

/** What was late longer ago is history, not an alarm. */
const WITHIN_MS = 24 * 3_600_000;

/** Nights that were not fresh at their deadline, of the whole fleet: every worker tells the same. */
export class LateMetrics {
  constructor(registry: MetricsRegistry, runs: FleetRunRepository) {
    const gauge: Gauge = new Gauge({
      name: 'nightshift_late_runs',
      help: 'Nights with a deadline in the last 24 hours whose lists came after it (delayed) or are not there (missing).',
      labelNames: ['state'],
      registers: [registry],
      async collect() {
        // While the database is away, the numbers before it stand: readiness tells about the database.
        const counts = await runs.countLate(new Date(Date.now() - WITHIN_MS)).catch(() => undefined);
        if (counts === undefined) return;
        gauge.labels('missing').set(counts.missing);
        gauge.labels('delayed').set(counts.delayed);
      },
    });
  }
}
