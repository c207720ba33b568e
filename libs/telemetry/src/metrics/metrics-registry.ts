import { collectDefaultMetrics, Registry } from 'prom-client';

/** The process's metrics. One per process, never prom-client's global one: tests would share it. */
export class MetricsRegistry extends Registry {}

/** A registry with the metrics of the Node process itself. */
export function createMetricsRegistry(service: string): MetricsRegistry {
  const registry = new MetricsRegistry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry, prefix: 'nightshift_' });
  return registry;
}
