import type { Csr } from '../dataset/csr.js';
import { AlgorithmRangeError } from '../errors.js';
import { cutRows } from '../kernels/row-blocks.js';
import type { Model } from '../models/algorithm.js';
import { openVerifiedModel } from '../models/registry.js';
import type { Executor } from '../parallel/executor.js';
import { sharedInt32 } from '../parallel/shared-arrays.js';

const BLOCK_SCORES = 1e6;

/** One product to find in each query. Equal lengths but for the candidates; over shared memory. */
export interface CandidateQueries {
  /** Ascending. */
  readonly customer: Int32Array;
  readonly positive: Int32Array;
  /**
   * Query q ranks its positive against candidates.products[offsets[q] … offsets[q + 1] - 1]; undefined: against every
   * product outside the customer's history.
   */
  readonly candidates?: { readonly offsets: Int32Array; readonly products: Int32Array };
}

export interface RankCandidatesTask {
  readonly model: Uint8Array;
  /** customers × products. */
  readonly histories: Csr;
  readonly queries: CandidateQueries;
  /** Written: the positive's rank, 1 for the best. */
  readonly ranks: Int32Array;
  /** Range of queries. */
  readonly start: number;
  readonly end: number;
}

/**
 * 1 + how many of the candidates score at least as much: a tie counts against the model, so that one which gives
 * everything the same score finds nothing. Candidates that repeat, or repeat the positive, count once.
 * @param marked scratch, one cell a product
 */
function rankAmong(
  scores: Float32Array,
  positive: number,
  candidates: Int32Array,
  marked: Int32Array,
  stamp: number,
): number {
  const own = scores[positive];
  let rank = 1;
  marked[positive] = stamp;
  for (const product of candidates) {
    if (marked[product] === stamp) continue;
    marked[product] = stamp;
    if (!(scores[product] < own)) rank++;
  }
  return rank;
}

/** Ranks the positives of queries start … end - 1. */
export function runRankCandidates(task: RankCandidatesTask): null {
  const { histories, queries, ranks, start, end } = task;
  const { customer, positive, candidates } = queries;
  const scorer = openVerifiedModel(task.model).createScorer();
  const scores = new Float32Array(histories.columns);
  const marked = new Int32Array(histories.columns).fill(-1);
  const everything = Int32Array.from(scores.keys());
  for (let q = start; q < end; q++) {
    const row = [histories.offsets[customer[q]], histories.offsets[customer[q] + 1]] as const;
    const seen = histories.indices.subarray(...row);
    if (q === start || customer[q] !== customer[q - 1]) {
      scorer.scoreInto(scores, seen, histories.values.subarray(...row));
      // Exactly 0 is no evidence: such a product comes after every other, as it does in no list at all.
      for (let p = 0; p < scores.length; p++) if (scores[p] === 0) scores[p] = -Infinity;
    }
    if (candidates === undefined) for (const product of seen) marked[product] = q;
    const among = candidates?.products.subarray(candidates.offsets[q], candidates.offsets[q + 1]);
    ranks[q] = rankAmong(scores, positive[q], among ?? everything, marked, q);
  }
  return null;
}

function validate(model: Model, histories: Csr, { customer, positive, candidates }: CandidateQueries): void {
  if (model.productCount !== histories.columns)
    throw new AlgorithmRangeError(
      'SHAPE_MISMATCH',
      'model',
      `${model.productCount} products, not ${histories.columns}`,
    );
  if (positive.length !== customer.length)
    throw new AlgorithmRangeError(
      'SHAPE_MISMATCH',
      'positive',
      `${positive.length} for ${customer.length} queries`,
    );
  const offsets = candidates?.offsets ?? new Int32Array(customer.length + 1);
  const products = candidates?.products ?? new Int32Array(0);
  if (offsets.length !== customer.length + 1 || offsets[customer.length] > products.length)
    throw new AlgorithmRangeError(
      'SHAPE_MISMATCH',
      'candidates',
      `are not those of ${customer.length} queries`,
    );
  const check = (field: string, column: Int32Array, bound: number) => {
    const bad = column.findIndex((index) => index < 0 || index >= bound);
    if (bad >= 0) throw new AlgorithmRangeError('INDEX_OUT_OF_RANGE', field, `${column[bad]} at ${bad}`);
  };
  check('customer', customer, histories.rows);
  check('positive', positive, histories.columns);
  check('candidates', products, histories.columns);
  if (
    customer.some((c, q) => q > 0 && c < customer[q - 1]) ||
    offsets.some((o, q) => q > 0 && o < offsets[q - 1])
  )
    throw new AlgorithmRangeError('PARAMETER_INVALID', 'queries', 'are not in ascending order');
}

/**
 * The rank of each query's positive, 1 for the best, among its candidates (sampled ranking) or all products that the
 * customer does not have. Ties count against the positive. The same result with any executor.
 * @throws AlgorithmRangeError SHAPE_MISMATCH, INDEX_OUT_OF_RANGE, PARAMETER_INVALID
 */
export async function rankCandidates(
  model: Model,
  histories: Csr,
  queries: CandidateQueries,
  executor: Executor,
): Promise<Int32Array> {
  validate(model, histories, queries);
  const ranks = sharedInt32(queries.customer.length);
  const shared = { model: model.serialize(), histories, queries, ranks };
  const blocks = cutRows(ranks.length, () => model.productCount + 1, BLOCK_SCORES);
  await executor.map(
    'rank-candidates',
    blocks.map((block) => ({ ...shared, ...block })),
  );
  return ranks;
}
