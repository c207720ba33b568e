import { AlgorithmRangeError } from '../errors.js';
import { cutRows } from '../kernels/row-blocks.js';
import type { Executor } from '../parallel/executor.js';
import { sharedFloat64 } from '../parallel/shared-arrays.js';
import { createRandom } from '../statistics/random.js';
import { quantile } from '../statistics/summary.js';
import type { PerCustomer } from './evaluate-model.js';

/** Customer draws of one task: some 20 ms. */
const BLOCK_DRAWS = 1e6;

export interface BootstrapOptions {
  /** Integer in [100, 100000]; 2,000 gives steady 95 % ends. */
  readonly resamples: number;
  readonly seed: number;
  /** In (0, 1), e.g. 0.95. */
  readonly confidence: number;
  readonly executor: Executor;
}

/** A difference b - a and the ends of its percentile interval; NaN where nothing can be compared. */
export interface Interval {
  readonly difference: number;
  readonly low: number;
  readonly high: number;
}

export interface PairedComparison {
  readonly customers: number;
  /** Customers with a ranking query. */
  readonly queries: number;
  /** Better below 0. */
  readonly rmse: Interval;
  /** Of mean NDCG@10; better above 0. */
  readonly ndcg10: Interval;
}

export interface BootstrapTask {
  readonly squaredA: Float64Array;
  readonly squaredB: Float64Array;
  readonly rows: Float64Array;
  /** NDCG@10 of b minus a, 0 where there is no query. */
  readonly ndcgDifference: Float64Array;
  readonly isQuery: Float64Array;
  readonly seed: number;
  /** Written, one for each resample start … end - 1. */
  readonly rmseDifferences: Float64Array;
  readonly ndcgDifferences: Float64Array;
  readonly start: number;
  readonly end: number;
}

/** Resamples start … end - 1; each has a random stream of its own, so blocks and threads do not show in the result. */
export function runBootstrap(task: BootstrapTask): null {
  const { squaredA, squaredB, rows, ndcgDifference, isQuery, seed } = task;
  const customers = rows.length;
  for (let r = task.start; r < task.end; r++) {
    const random = createRandom(seed, r);
    let a = 0;
    let b = 0;
    let n = 0;
    let ndcg = 0;
    let queries = 0;
    for (let draw = 0; draw < customers; draw++) {
      // One draw serves both models: the pairing is what makes the interval narrow.
      const c = random.nextInt(customers);
      a += squaredA[c];
      b += squaredB[c];
      n += rows[c];
      ndcg += ndcgDifference[c];
      queries += isQuery[c];
    }
    task.rmseDifferences[r] = Math.sqrt(b / n) - Math.sqrt(a / n);
    task.ndcgDifferences[r] = ndcg / queries;
  }
  return null;
}

/** @throws AlgorithmRangeError PARAMETER_INVALID */
export function validateBootstrap({ resamples, confidence }: BootstrapOptions): void {
  if (!Number.isInteger(resamples) || resamples < 100 || resamples > 100000) {
    throw new AlgorithmRangeError(
      'PARAMETER_INVALID',
      'resamples',
      `${resamples} is not an integer in [100, 100000]`,
    );
  }
  if (!(confidence > 0 && confidence < 1)) {
    throw new AlgorithmRangeError('PARAMETER_INVALID', 'confidence', `${confidence} is not in (0, 1)`);
  }
}

function validatePairing(a: PerCustomer, b: PerCustomer): void {
  const isPaired =
    a.customer.length === b.customer.length &&
    a.customer.every((customer, q) => customer === b.customer[q] && a.rows[q] === b.rows[q]);
  if (!isPaired) throw new AlgorithmRangeError('SHAPE_MISMATCH', 'b', 'was not scored on the same rows as a');
}

/** A resample without any row or query is left out (NaN): it says nothing. */
function intervalOf(difference: number, resampled: Float64Array, confidence: number): Interval {
  const sorted = resampled.filter((value) => !Number.isNaN(value)).sort();
  const tail = (1 - confidence) / 2;
  return { difference, low: quantile(sorted, tail), high: quantile(sorted, 1 - tail) };
}

/**
 * Differences b - a (challenger minus champion) of RMSE and of mean NDCG@10, with percentile intervals of a bootstrap that
 * draws whole customers, because the rows of one customer are not independent (cluster bootstrap; Efron and Tibshirani
 * 1993, chapters 8 and 13). Both models get the same draws. Deterministic in the seed.
 * @throws AlgorithmRangeError PARAMETER_INVALID; SHAPE_MISMATCH unless both were scored on the same rows
 */
export async function pairedBootstrap(
  a: PerCustomer,
  b: PerCustomer,
  options: BootstrapOptions,
): Promise<PairedComparison> {
  validateBootstrap(options);
  validatePairing(a, b);
  const { resamples, seed, confidence, executor } = options;
  const customers = a.customer.length;
  const column = (value: (q: number) => number) => {
    const out = sharedFloat64(customers);
    for (let q = 0; q < customers; q++) out[q] = value(q);
    return out;
  };
  const hasQuery = (q: number) => !Number.isNaN(a.ndcg10[q]) && !Number.isNaN(b.ndcg10[q]);
  const shared = {
    squaredA: column((q) => a.squaredErrorSum[q]),
    squaredB: column((q) => b.squaredErrorSum[q]),
    rows: column((q) => a.rows[q]),
    ndcgDifference: column((q) => (hasQuery(q) ? b.ndcg10[q] - a.ndcg10[q] : 0)),
    isQuery: column((q) => (hasQuery(q) ? 1 : 0)),
    seed,
    rmseDifferences: sharedFloat64(resamples),
    ndcgDifferences: sharedFloat64(resamples),
  };
  const blocks = cutRows(resamples, () => customers + 1, BLOCK_DRAWS);
  await executor.map(
    'bootstrap',
    blocks.map((block) => ({ ...shared, ...block })),
  );
  const total = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0);
  const rows = total(shared.rows);
  const queries = total(shared.isQuery);
  const rmse = Math.sqrt(total(shared.squaredB) / rows) - Math.sqrt(total(shared.squaredA) / rows);
  return {
    customers,
    queries,
    rmse: intervalOf(rmse, shared.rmseDifferences, confidence),
    ndcg10: intervalOf(total(shared.ndcgDifference) / queries, shared.ndcgDifferences, confidence),
  };
}
