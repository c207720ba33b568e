import { AlgorithmRangeError } from '../errors.js';
import { cutRows } from '../kernels/row-blocks.js';
import { sharedFloat64 } from '../parallel/shared-arrays.js';
import { createRandom } from '../statistics/random.js';
import { quantile } from '../statistics/summary.js';
import type { BootstrapOptions } from './paired-bootstrap.js';
import { validateBootstrap } from './paired-bootstrap.js';

/** Customer draws of one task: some 20 ms. */
const BLOCK_DRAWS = 1e6;

/** Sum and number of a metric's values at each customer; equal lengths. */
export interface CustomerSums {
  readonly sums: Float64Array;
  readonly counts: Float64Array;
}

export interface BootstrapMeansTask {
  readonly columns: readonly CustomerSums[];
  readonly seed: number;
  /** Written: resample r of column m at m · resamples + r. */
  readonly means: Float64Array;
  readonly resamples: number;
  readonly start: number;
  readonly end: number;
}

/** Resamples start … end - 1; each has a random stream of its own, so blocks and threads do not show in the result. */
export function runBootstrapMeans({ columns, seed, means, resamples, start, end }: BootstrapMeansTask): null {
  const customers = columns[0].sums.length;
  const drawn = new Int32Array(customers);
  for (let r = start; r < end; r++) {
    const random = createRandom(seed, r);
    for (let draw = 0; draw < customers; draw++) drawn[draw] = random.nextInt(customers);
    columns.forEach(({ sums, counts }, m) => {
      let sum = 0;
      let count = 0;
      for (let draw = 0; draw < customers; draw++) {
        sum += sums[drawn[draw]];
        count += counts[drawn[draw]];
      }
      means[m * resamples + r] = sum / count;
    });
  }
  return null;
}

/**
 * Gathers values by customer: the unit that is drawn, because one customer's values are not independent. NaN is no value.
 * @param customer of each value, ascending
 */
export function sumByCustomer(customer: Int32Array, values: Float64Array): CustomerSums {
  let groups = 0;
  customer.forEach((c, i) => (groups += i === 0 || c !== customer[i - 1] ? 1 : 0));
  const sums = sharedFloat64(groups);
  const counts = sharedFloat64(groups);
  let group = -1;
  customer.forEach((c, i) => {
    if (i === 0 || c !== customer[i - 1]) group++;
    if (Number.isNaN(values[i])) return;
    sums[group] += values[i];
    counts[group]++;
  });
  return { sums, counts };
}

/** Ends of a percentile interval; NaN where there is nothing to average. */
export interface MeanInterval {
  readonly low: number;
  readonly high: number;
}

/**
 * Percentile bootstrap intervals of means over customers' values, drawing whole customers (cluster bootstrap; Efron and
 * Tibshirani 1993, chapters 8 and 13). All columns get the same draws. Deterministic in the seed.
 * @throws AlgorithmRangeError PARAMETER_INVALID; SHAPE_MISMATCH for columns of different customers
 */
export async function bootstrapMeans(
  columns: readonly CustomerSums[],
  options: BootstrapOptions,
): Promise<MeanInterval[]> {
  validateBootstrap(options);
  const { resamples, seed, confidence, executor } = options;
  if (columns.length === 0) return [];
  const customers = columns[0].sums.length;
  if (columns.some(({ sums, counts }) => sums.length !== customers || counts.length !== customers))
    throw new AlgorithmRangeError('SHAPE_MISMATCH', 'columns', 'are not of the same customers');
  const means = sharedFloat64(columns.length * resamples);
  const shared = { columns, seed, means, resamples };
  await executor.map(
    'bootstrap-means',
    cutRows(resamples, () => customers + 1, BLOCK_DRAWS).map((block) => ({ ...shared, ...block })),
  );
  const tail = (1 - confidence) / 2;
  return columns.map((_, m) => {
    const sorted = means
      .slice(m * resamples, (m + 1) * resamples)
      .filter((value) => !Number.isNaN(value))
      .sort();
    return { low: quantile(sorted, tail), high: quantile(sorted, 1 - tail) };
  });
}
