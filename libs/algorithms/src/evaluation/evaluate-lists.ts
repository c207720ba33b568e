import type { Csr } from '../dataset/csr.js';
import { selectRows } from '../dataset/select-rows.js';
import type { TrainingSet } from '../dataset/training-set.js';
import { AlgorithmRangeError } from '../errors.js';
import type { Model } from '../models/algorithm.js';
import type { Executor } from '../parallel/executor.js';
import { sharedFloat32, sharedInt32, sharedUint8 } from '../parallel/shared-arrays.js';
import { rankCustomers } from '../ranking/rank-customers.js';
import { AccuracyValues } from './accuracy-values.js';
import type { Lists } from './list-metrics.js';
import {
  coverageOf,
  diversityInto,
  giniOf,
  noveltyInto,
  PopularLists,
  serendipityInto,
} from './list-metrics.js';
import type { Metric } from './metric.js';
import { isErrorKind } from './metric.js';
import type { QueryValues } from './query-values.js';

export interface EvaluateListsRequest {
  readonly model: Model;
  /** What the model was fitted on; its rows are the customers' histories, and leave the lists. */
  readonly training: TrainingSet;
  /** customers × products: what there is to find. */
  readonly test: Csr;
  readonly metrics: readonly Metric[];
  /** Per product, 0 = not ranked and nothing to find; all by default. */
  readonly allowed?: Uint8Array;
  readonly executor: Executor;
  readonly onProgress?: (share: number) => void;
}

/** The test pairs that a list could hold: allowed, and new to the customer. */
function findable(test: Csr, histories: Csr, allowed: Uint8Array): Csr {
  const offsets = sharedInt32(test.rows + 1);
  const indices = sharedInt32(test.indices.length);
  const seen = new Int32Array(test.columns);
  let filled = 0;
  for (let c = 0; c < test.rows; c++) {
    for (let e = histories.offsets[c]; e < histories.offsets[c + 1]; e++) seen[histories.indices[e]] = c + 1;
    for (let e = test.offsets[c]; e < test.offsets[c + 1]; e++) {
      const product = test.indices[e];
      if (seen[product] !== c + 1 && allowed[product] !== 0) indices[filled++] = product;
    }
    offsets[c + 1] = filled;
  }
  return { ...test, offsets, indices: indices.subarray(0, filled), values: sharedFloat32(filled).fill(1) };
}

function validate({ training, test, metrics, allowed }: EvaluateListsRequest): void {
  const { customerCount, productCount } = training;
  if (test.rows !== customerCount || test.columns !== productCount) {
    const message = `${test.rows} × ${test.columns} for ${customerCount} × ${productCount}`;
    throw new AlgorithmRangeError('SHAPE_MISMATCH', 'test', message);
  }
  if (allowed !== undefined && allowed.length !== productCount)
    throw new AlgorithmRangeError(
      'SHAPE_MISMATCH',
      'allowed',
      `${allowed.length} for ${productCount} products`,
    );
  const error = metrics.find(({ kind }) => isErrorKind(kind));
  if (error !== undefined)
    throw new AlgorithmRangeError('PARAMETER_INVALID', 'metrics', `${error.name} needs predicted values`);
}

/** Accuracy of each list: relevant is every findable test pair. */
function accuracyOf(lists: Lists, relevant: Csr, metrics: readonly Metric[]): Map<string, Float64Array> {
  const values = new AccuracyValues(metrics, lists.rows);
  const isRelevant = new Int32Array(relevant.columns);
  const gains = new Uint8Array(lists.stride);
  for (let q = 0; q < lists.rows; q++) {
    for (let e = relevant.offsets[q]; e < relevant.offsets[q + 1]; e++)
      isRelevant[relevant.indices[e]] = q + 1;
    for (let i = 0; i < lists.stride; i++) {
      const product = lists.products[q * lists.stride + i];
      gains[i] = product >= 0 && isRelevant[product] === q + 1 ? 1 : 0;
    }
    values.set(q, gains, relevant.offsets[q + 1] - relevant.offsets[q]);
  }
  return values.byName;
}

interface ListSurroundings {
  readonly training: TrainingSet;
  readonly allowed: Uint8Array;
  /** Row r: what list r leaves out. */
  readonly histories: Csr;
  readonly relevant: Csr;
  readonly metrics: readonly Metric[];
}

/** Adds novelty, diversity and serendipity of each list to the values. @returns coverage and Gini of all lists */
function addListMetrics(
  values: Map<string, Float64Array>,
  lists: Lists,
  { training, allowed, histories, relevant, metrics }: ListSurroundings,
): Map<string, number> {
  const { customerCountOfProduct, customerCount, byProduct } = training;
  const totals = new Map<string, number>();
  for (const { name, kind, k } of metrics) {
    if (kind === 'coverage') totals.set(name, coverageOf(lists, k, allowed));
    if (kind === 'gini') totals.set(name, giniOf(lists, k, allowed));
    if (values.has(name) || totals.has(name)) continue;
    const column = new Float64Array(lists.rows);
    values.set(name, column);
    if (kind === 'novelty') noveltyInto(column, lists, k, customerCountOfProduct, customerCount);
    if (kind === 'diversity') diversityInto(column, lists, k, byProduct);
    if (kind === 'serendipity') {
      const popular = new PopularLists(customerCountOfProduct, allowed);
      serendipityInto(column, lists, k, histories, relevant, popular);
    }
  }
  return totals;
}

/**
 * Full ranking: for each customer with something to find, the best k of all allowed products without those of the
 * training row, compared with the test row. Equal scores go by lower product index; a product that the model knows
 * nothing about (score 0) is not listed. Test pairs that are also training pairs cannot be listed and are no relevant
 * ones; a customer who is left with none is no query, and leaves every average. The same result with any executor.
 * @throws AlgorithmRangeError SHAPE_MISMATCH, PARAMETER_INVALID
 */
export async function evaluateLists(request: EvaluateListsRequest): Promise<QueryValues> {
  validate(request);
  const { model, training, metrics, executor, onProgress } = request;
  const allowed = request.allowed ?? sharedUint8(training.productCount).fill(1);
  const test = findable(request.test, training.byCustomer, allowed);
  const customer = Int32Array.from({ length: test.rows }, (_, c) => c).filter(
    (c) => test.offsets[c + 1] > test.offsets[c],
  );
  const histories = selectRows(training.byCustomer, customer);
  const relevant = selectRows(test, customer);
  const count = Math.max(1, ...metrics.map(({ k }) => k));
  const ranked = await rankCustomers({
    model: model.serialize(),
    histories,
    excluded: histories,
    allowed,
    count,
    executor,
    onProgress,
  });
  const lists: Lists = { products: ranked.products, rows: customer.length, stride: count };
  const values = accuracyOf(lists, relevant, metrics);
  const totals = addListMetrics(values, lists, { training, allowed, histories, relevant, metrics });
  return { customer, values, totals };
}
