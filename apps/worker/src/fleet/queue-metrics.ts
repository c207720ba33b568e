import { Gauge } from 'prom-client';
import type { FleetRunRepository, QueueDepth } from '#libs/domain';
import type { MetricsRegistry } from '#libs/telemetry';

/**
 * How much work there is, for whoever starts and stops workers: from the database, because jobs are handed out only twice as many
 * ahead as there are slots, and Redis may forget them. Every worker tells the same.
 */
export class QueueMetrics {
  private asking: Promise<QueueDepth | undefined> | undefined;

  constructor(
    registry: MetricsRegistry,
    private readonly runs: FleetRunRepository,
  ) {
    const depthNow = () => this.depth();
    const registers = [registry];
    new Gauge({
      name: 'nightshift_queue_depth',
      help: 'Unfinished runs that are due: nights (prioritised), others (waiting), and those handed out or running (active).',
      labelNames: ['state'],
      registers,
      async collect() {
        const depth = await depthNow();
        if (depth === undefined) return;
        this.labels('prioritised').set(depth.prioritised);
        this.labels('waiting').set(depth.waiting);
        this.labels('active').set(depth.active);
      },
    });
    new Gauge({
      name: 'nightshift_queue_oldest_seconds',
      help: 'How long the run that has waited longest has been due; 0 when none waits.',
      registers,
      async collect() {
        const depth = await depthNow();
        if (depth !== undefined) this.set(depth.oldestSeconds);
      },
    });
  }

  /** Both gauges are asked at once. While the database is away, the numbers before it stand: readiness tells about that. */
  private depth(): Promise<QueueDepth | undefined> {
    this.asking ??= this.runs
      .queueDepth()
      .catch(() => undefined)
      .finally(() => (this.asking = undefined));
    return this.asking;
  }
}
