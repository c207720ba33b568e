import type { Csr } from '../dataset/csr.js';
import { AlgorithmRangeError } from '../errors.js';
import { cutRows } from '../kernels/row-blocks.js';
import { loadModel } from '../models/registry.js';
import { sharedFloat64 } from '../parallel/shared-arrays.js';
import { validateScope } from '../ranking/customer-ranker.js';
import type { CalibrateRequest } from './calibrate-model.js';
import type { Calibration } from './calibration.js';
import { groupByCustomer } from './customer-rows.js';
import type { CustomerResults } from './evaluate-block.js';
import { allocateResults } from './evaluate-block.js';
import type { Lists } from './list-metrics.js';
import { coverageOf } from './list-metrics.js';
import { RANKING_METRICS } from './ranking-metrics.js';

const BLOCK_SCORES = 1e6;
const DEFAULT_KS = [5, 10];

export interface EvaluateRequest extends CalibrateRequest {
  readonly calibration: Calibration;
  /** Per dataset product: 0 = retired. */
  readonly allowed: Uint8Array;
  /** customers × products that lists leave out; held-out pairs of such products leave the query (not the RMSE). */
  readonly excluded?: Csr;
  /** Integers ≥ 1, default 5 and 10. 10 is always evaluated. */
  readonly ks?: readonly number[];
  /** Segment id of each customer (row of the histories). */
  readonly segmentOfCustomer?: Uint8Array;
}

/**
 * `rmse` and `mae` over rows; `precision`, `recall`, `hit`, `mrr`, `map`, `ndcg` (binary gains) and `gradedNdcg` (gains =
 * strength) over queries, and `coverage` (share of the allowed products in any query's list), each as `name@k`. NaN when
 * there is nothing to average over.
 */
export type Metrics = Record<string, number>;

export interface SegmentEvaluation {
  readonly metrics: Metrics;
  /** Positive and negative rows behind `rmse`. */
  readonly rows: number;
  /** Customers behind the ranking metrics: those with something relevant to find. */
  readonly queries: number;
}

/** One entry for each customer with any row, ascending; equal lengths. */
export interface PerCustomer {
  readonly customer: Int32Array;
  readonly squaredErrorSum: Float64Array;
  readonly absoluteErrorSum: Float64Array;
  readonly rows: Int32Array;
  /** NaN where the customer is no query. */
  readonly ndcg10: Float64Array;
}

export interface Evaluation extends SegmentEvaluation {
  readonly bySegment: Readonly<Record<number, SegmentEvaluation>>;
  readonly perCustomer: PerCustomer;
  /** Per dataset product: in how many evaluated lists (of the longest k) it stands. */
  readonly recommendedProducts: Int32Array;
}

/** The lists of the customers q chosen. */
function listsOf({ lists }: CustomerResults, chosen: readonly number[], longest: number): Lists {
  const products = new Int32Array(chosen.length * longest);
  chosen.forEach((q, row) => products.set(lists.subarray(q * longest, (q + 1) * longest), row * longest));
  return { products, rows: chosen.length, stride: longest };
}

/** Averages in ascending order of customers: the same bits whatever the blocks were. */
function summarise(
  results: CustomerResults,
  chosen: readonly number[],
  ks: readonly number[],
  allowed: Uint8Array,
): SegmentEvaluation {
  const width = ks.length * RANKING_METRICS.length;
  const sums = new Float64Array(width);
  let rows = 0;
  let squared = 0;
  let absolute = 0;
  let queries = 0;
  for (const q of chosen) {
    rows += results.rows[q];
    squared += results.squaredErrorSum[q];
    absolute += results.absoluteErrorSum[q];
    if (results.isQuery[q] === 0) continue;
    queries++;
    for (let m = 0; m < width; m++) sums[m] += results.metrics[q * width + m];
  }
  const lists = listsOf(results, chosen, Math.max(...ks));
  const metrics: Metrics = { rmse: Math.sqrt(squared / rows), mae: absolute / rows };
  ks.forEach((k, block) => {
    RANKING_METRICS.forEach((name, m) => {
      metrics[`${name}@${k}`] = sums[block * RANKING_METRICS.length + m] / queries;
    });
    metrics[`coverage@${k}`] = coverageOf(lists, k, allowed);
  });
  return { metrics, rows, queries };
}

function evaluatedKs(requested: readonly number[]): number[] {
  for (const k of requested) {
    if (!Number.isInteger(k) || k < 1)
      throw new AlgorithmRangeError('PARAMETER_INVALID', 'ks', `${k} is not an integer ≥ 1`);
  }
  return [...new Set([...requested, 10])].sort((a, b) => a - b);
}

function perCustomerOf(customer: Int32Array, results: CustomerResults, ks: readonly number[]): PerCustomer {
  const width = ks.length * RANKING_METRICS.length;
  const cell = ks.indexOf(10) * RANKING_METRICS.length + RANKING_METRICS.indexOf('ndcg');
  const ndcg10 = sharedFloat64(customer.length);
  for (let q = 0; q < customer.length; q++)
    ndcg10[q] = results.isQuery[q] === 1 ? results.metrics[q * width + cell] : NaN;
  const { squaredErrorSum, absoluteErrorSum, rows } = results;
  return { customer, squaredErrorSum, absoluteErrorSum, rows, ndcg10 };
}

function bySegment(
  request: EvaluateRequest,
  customer: Int32Array,
  results: CustomerResults,
  ks: readonly number[],
) {
  const members = new Map<number, number[]>();
  customer.forEach((c, q) => {
    const segment = request.segmentOfCustomer?.[c];
    if (segment === undefined) return;
    const known = members.get(segment);
    if (known === undefined) members.set(segment, [q]);
    else known.push(q);
  });
  const ids = [...members.keys()].sort((a, b) => a - b);
  return Object.fromEntries(
    ids.map((id) => [id, summarise(results, members.get(id) ?? [], ks, request.allowed)]),
  );
}

/**
 * Scores a model on held-out pairs and sampled negatives (calibrated squared error) and on the ranked list of each
 * customer with held-out pairs. Any model can be scored on any night's data through its product map: what it does not know
 * scores as its lowest score and is not ranked. The result does not depend on the executor.
 * @throws AlgorithmRangeError SHAPE_MISMATCH, INDEX_OUT_OF_RANGE, PARAMETER_INVALID; ModelFormatError
 */
export async function evaluateModel(request: EvaluateRequest): Promise<Evaluation> {
  const { histories, targets, negatives, productMap, executor, calibration, allowed, excluded } = request;
  const model = loadModel(request.model);
  const scope = { histories, allowed, excluded, productMap };
  validateScope(model, scope);
  if (request.segmentOfCustomer && request.segmentOfCustomer.length !== histories.rows) {
    throw new AlgorithmRangeError(
      'SHAPE_MISMATCH',
      'segmentOfCustomer',
      `not one for each of ${histories.rows} customers`,
    );
  }
  const ks = evaluatedKs(request.ks ?? DEFAULT_KS);
  const rows = groupByCustomer(targets, negatives, histories);
  const { customer } = rows;
  const results = allocateResults(customer.length, ks);
  const shared = { model: model.serialize(), scope, rows, calibration, ks, results };
  const blocks = cutRows(customer.length, () => model.productCount + 1, BLOCK_SCORES);
  await executor.map(
    'evaluate-customers',
    blocks.map((block) => ({ ...shared, ...block })),
  );
  const everyone = Array.from(customer.keys());
  const recommendedProducts = new Int32Array(histories.columns);
  for (const product of results.lists) if (product >= 0) recommendedProducts[product]++;
  return {
    ...summarise(results, everyone, ks, allowed),
    bySegment: bySegment(request, customer, results, ks),
    perCustomer: perCustomerOf(customer, results, ks),
    recommendedProducts,
  };
}
