import { Counter } from 'prom-client';
import type { RunTrigger } from '#libs/domain';
import type { MetricsRegistry } from '#libs/telemetry';

/** Runs that this worker's measurements have started. */
export class TriggerCounter {
  private readonly counter: Counter | undefined;

  /** @param registry absent where nobody asks for metrics */
  constructor(registry: MetricsRegistry | undefined) {
    if (registry === undefined) return;
    this.counter = new Counter({
      name: 'nightshift_triggered_runs_total',
      help: 'Runs started between two nights, by what was measured.',
      labelNames: ['trigger'],
      registers: [registry],
    });
  }

  count(trigger: RunTrigger): void {
    this.counter?.labels(trigger).inc();
  }
}
