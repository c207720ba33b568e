import { AlgorithmRangeError } from '../errors.js';
import { cutRows } from '../kernels/row-blocks.js';
import { TopSelector } from '../kernels/top-selector.js';
import type { Model } from '../models/algorithm.js';
import { loadModel, openVerifiedModel } from '../models/registry.js';
import type { Executor } from '../parallel/executor.js';
import { sharedFloat32, sharedInt32, sharedUint8 } from '../parallel/shared-arrays.js';
import type { RankingScope } from './customer-ranker.js';
import { CustomerRanker, validateScope } from './customer-ranker.js';
import { rankByVectors, rankByVectorsBytes } from './rank-by-vectors.js';

/** Scores of one task: customers × products. */
const BLOCK_SCORES = 1e6;
/** Blocks handed out between two progress reports. */
const BLOCKS_PER_REPORT = 32;

export interface RankRequest extends RankingScope {
  /** Serialised model. */
  readonly model: Uint8Array;
  /** Length of a list, integer ≥ 1. */
  readonly count: number;
  readonly executor: Executor;
  readonly onProgress?: (share: number) => void;
}

/** One list for each customer (row of the histories), best first; row r fills cells r · count … (r + 1) · count - 1. */
export interface RankedLists {
  readonly rows: number;
  readonly count: number;
  /** Dataset product indices, -1 where a list ends early. */
  readonly products: Int32Array;
  readonly scores: Float32Array;
  /** Index into `sourceNames` of the component with the largest share in the score. */
  readonly sources: Uint8Array;
  readonly sourceNames: readonly string[];
}

export interface RankTask {
  readonly model: Uint8Array;
  readonly scope: RankingScope;
  readonly lists: RankedLists;
  readonly start: number;
  readonly end: number;
}

/** Ranks customers start … end - 1 into the shared lists. */
export function runRankCustomers({ model, scope, lists, start, end }: RankTask): null {
  const ranker = new CustomerRanker(openVerifiedModel(model), scope);
  const { count, products, scores, sources } = lists;
  const selector = new TopSelector(count);
  for (let customer = start; customer < end; customer++) {
    ranker.scoreCustomer(customer);
    ranker.offerTo(selector, customer);
    const at = customer * count;
    const kept = selector.drainInto(products, scores, at);
    products.fill(-1, at + kept, at + count);
    for (let i = at; i < at + kept; i++) sources[i] = ranker.sourceOf(products[i]);
  }
  return null;
}

/** Above this the lists are made customer by customer, in the memory of one. */
const MOST_VECTOR_BYTES = 2 ** 31;

/** The short way for a model of vectors in the products of the data. @returns false when it cannot be taken */
async function rankVectors(
  model: Model,
  { histories, allowed, excluded, productMap }: RankingScope,
  lists: RankedLists,
  executor: Executor,
): Promise<boolean> {
  const { vectorModel } = model;
  if (vectorModel === undefined || productMap !== undefined) return false;
  const { stride, products } = vectorModel;
  const { rows, count } = lists;
  const shape = { rows, products: model.productCount, stride, count };
  if (rankByVectorsBytes(shape, excluded?.offsets[rows] ?? 0, executor.threads) > MOST_VECTOR_BYTES)
    return false;
  const customers = await vectorModel.foldIn(histories, executor);
  const ranked = await rankByVectors({ customers, products, stride, count, allowed, excluded, executor });
  lists.products.set(ranked.products);
  // An empty place has no score.
  ranked.products.forEach((product, cell) => (lists.scores[cell] = product < 0 ? 0 : ranked.scores[cell]));
  return true;
}

/**
 * The `count` best allowed products for every customer, without those `excluded` for them. Equal scores go
 * by lower product index; a product about which the model knows nothing (score exactly 0) is left out, so a list may be
 * shorter. The result does not depend on the executor.
 * @throws AlgorithmRangeError SHAPE_MISMATCH, INDEX_OUT_OF_RANGE, PARAMETER_INVALID; ModelFormatError
 */
export async function rankCustomers(request: RankRequest): Promise<RankedLists> {
  const { model: bytes, count, executor, onProgress, histories, allowed, excluded, productMap } = request;
  if (!Number.isInteger(count) || count < 1) {
    throw new AlgorithmRangeError('PARAMETER_INVALID', 'count', `${count} is not an integer ≥ 1`);
  }
  const model = loadModel(bytes);
  const scope: RankingScope = { histories, allowed, excluded, productMap };
  validateScope(model, scope);
  const { rows } = histories;
  const lists: RankedLists = {
    rows,
    count,
    products: sharedInt32(rows * count),
    scores: sharedFloat32(rows * count),
    sources: sharedUint8(rows * count),
    sourceNames: model.components,
  };
  if (await rankVectors(model, scope, lists, executor)) return lists;
  const blocks = cutRows(rows, () => model.productCount + 1, BLOCK_SCORES);
  const shared = { model: model.serialize(), scope, lists };
  for (let b = 0; b < blocks.length; b += BLOCKS_PER_REPORT) {
    const batch = blocks.slice(b, b + BLOCKS_PER_REPORT);
    await executor.map(
      'rank-customers',
      batch.map((block) => ({ ...shared, ...block })),
    );
    onProgress?.(Math.min(1, (b + BLOCKS_PER_REPORT) / blocks.length));
  }
  return lists;
}
