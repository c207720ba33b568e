import { Histogram, Registry } from 'prom-client';
import { createMetricsRegistry, MetricsRegistry } from './metrics-registry.js';
import { TalliedHistogram } from './tallied-histogram.js';

const OPTIONS = {
  name: 'seconds',
  help: 'How long.',
  labelNames: ['route', 'status'] as const,
  buckets: [0.1, 1],
};
const OBSERVED = [0.1, 0.1000001, 0.05, 1, 2, 0];

test('writes what the histogram of prom-client writes', async () => {
  const registry = new MetricsRegistry();
  const histogram = new TalliedHistogram(OPTIONS, registry);
  const reference = new Registry();
  const labelNames = [...OPTIONS.labelNames];
  const theirs = new Histogram({
    ...OPTIONS,
    labelNames,
    buckets: [...OPTIONS.buckets],
    registers: [reference],
  });
  for (const [route, status] of [
    ['/a', '200'],
    ['/b', '404'],
  ]) {
    for (const value of OBSERVED) {
      histogram.tally(route, status).observe(value);
      theirs.labels(route, status).observe(value);
    }
  }
  const lines = async (of: Registry) => (await of.metrics()).trim().split('\n').sort();
  expect(await lines(registry)).toEqual(await lines(reference));
});

test('carries the labels of its registry', async () => {
  const registry = createMetricsRegistry('test');
  new TalliedHistogram(OPTIONS, registry).tally('/a', '200').observe(0.05);
  expect(await registry.getSingleMetricAsString('seconds')).toContain(
    'seconds_bucket{le="0.1",route="/a",status="200",service="test"} 1',
  );
});
