import {
  bootstrapMeans,
  meanOfKnown,
  splitBySegment,
  sumByCustomer,
  type Executor,
  type Metric,
  type QueryValues,
} from '#libs/algorithms';
import type { MetricSummary } from './evaluation-request.js';
import type { Segments } from './files/read-segments.js';

const RESAMPLES = 1000;
const CONFIDENCE = 0.95;

/** Metrics with their intervals, and the same for each segment's queries, but for what belongs to all lists together. */
export async function summariseAll(
  values: QueryValues,
  metrics: readonly Metric[],
  seed: number,
  segments: Segments | undefined,
  executor: Executor,
): Promise<MetricSummary & { readonly bySegment?: Record<string, MetricSummary> }> {
  const summary = await summarise(values, metrics, seed, executor);
  if (segments === undefined) return summary;
  const own = metrics.filter(({ name }) => values.values.has(name));
  const bySegment: [string, MetricSummary][] = [];
  for (const [segment, queries] of splitBySegment(values, segments.segmentOfCustomer))
    bySegment.push([segments.names[segment], await summarise(queries, own, seed, executor)]);
  return { ...summary, bySegment: Object.fromEntries(bySegment) };
}

async function summarise(
  values: QueryValues,
  metrics: readonly Metric[],
  seed: number,
  executor: Executor,
): Promise<MetricSummary> {
  return {
    queries: values.customer.length,
    metrics: metricsOf(values, metrics),
    intervals: await intervalsOf(values, seed, executor),
  };
}

/** RMSE is the root of what is averaged. */
function finish(name: string, value: number): number {
  return name.toLowerCase() === 'rmse' ? Math.sqrt(value) : value;
}

function metricsOf(
  { values, totals }: QueryValues,
  metrics: readonly Metric[],
): Record<string, number | null> {
  return Object.fromEntries(
    metrics.map(({ name }) => {
      const value = totals.get(name) ?? finish(name, meanOfKnown(values.get(name) ?? new Float64Array(0)));
      return [name, Number.isNaN(value) ? null : value];
    }),
  );
}

async function intervalsOf(
  { customer, values }: QueryValues,
  seed: number,
  executor: Executor,
): Promise<Record<string, [number, number]>> {
  const names = [...values.keys()];
  const columns = names.map((name) => sumByCustomer(customer, values.get(name) ?? new Float64Array(0)));
  const options = { resamples: RESAMPLES, seed, confidence: CONFIDENCE, executor };
  const intervals = await bootstrapMeans(columns, options);
  return Object.fromEntries(
    names
      .map((name, m): [string, [number, number]] => [
        name,
        [finish(name, intervals[m].low), finish(name, intervals[m].high)],
      ])
      .filter(([, [low]]) => !Number.isNaN(low)),
  );
}
