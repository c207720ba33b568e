import type { Csr } from '../dataset/csr.js';
import { AlgorithmRangeError } from '../errors.js';
import type { TopSelector } from '../kernels/top-selector.js';
import type { Model, Scorer } from '../models/algorithm.js';
import { invertProductMap, translateHistory } from './product-map.js';

/** What a model is asked about: customers' histories, and which products may be ranked. */
export interface RankingScope {
  /** customers × dataset products. */
  readonly histories: Csr;
  /** Per dataset product: 0 = retired, never ranked. */
  readonly allowed: Uint8Array;
  /** customers × dataset products: what a customer's list must not contain, for instance what they bought already. */
  readonly excluded?: Csr;
  /** Model index → dataset index, -1 = gone; undefined when the two spaces are the same. */
  readonly productMap?: Int32Array;
}

/**
 * Refuses a scope that does not fit the model.
 * @throws AlgorithmRangeError SHAPE_MISMATCH, INDEX_OUT_OF_RANGE
 */
export function validateScope(
  model: Model,
  { histories, allowed, excluded, productMap }: RankingScope,
): void {
  const products = histories.columns;
  const refuse = (field: string, message: string) => {
    throw new AlgorithmRangeError('SHAPE_MISMATCH', field, message);
  };
  if (allowed.length !== products) refuse('allowed', `${allowed.length} for ${products} products`);
  if (excluded && (excluded.rows !== histories.rows || excluded.columns !== products))
    refuse('excluded', `${excluded.rows} × ${excluded.columns} for ${histories.rows} × ${products}`);
  if (productMap === undefined) {
    if (model.productCount !== products)
      refuse('productMap', `is needed: model ${model.productCount}, data ${products} products`);
  } else {
    if (productMap.length !== model.productCount)
      refuse('productMap', `${productMap.length} for ${model.productCount} products`);
    invertProductMap(productMap, products);
  }
}

/** Scores and ranks one customer after another with one model, in dataset product indices. Not re-entrant. */
export class CustomerRanker {
  private readonly scorer: Scorer;
  private readonly scope: RankingScope;
  private readonly scores: Float32Array;
  private readonly datasetToModel: Int32Array | undefined;
  /** excludedFor[p] = customer + 1 while p is excluded for that customer: nothing to clear between customers. */
  private readonly excludedFor: Int32Array;
  private readonly shares: Float32Array;

  constructor(model: Model, scope: RankingScope) {
    this.scope = scope;
    this.scorer = model.createScorer();
    this.scores = new Float32Array(model.productCount);
    this.shares = new Float32Array(model.components.length);
    this.excludedFor = new Int32Array(scope.histories.columns);
    this.datasetToModel = scope.productMap && invertProductMap(scope.productMap, scope.histories.columns);
  }

  /** Folds the customer in from their history; the calls below speak of the customer scored last. */
  scoreCustomer(customer: number): void {
    const { offsets, indices, values } = this.scope.histories;
    const start = offsets[customer];
    const end = offsets[customer + 1];
    let products = indices.subarray(start, end);
    let weights = values.subarray(start, end);
    this.markExcluded(customer);
    if (this.datasetToModel)
      ({ products, values: weights } = translateHistory(products, weights, this.datasetToModel));
    this.scorer.scoreInto(this.scores, products, weights);
  }

  isExcluded(customer: number, product: number): boolean {
    return this.excludedFor[product] === customer + 1;
  }

  private markExcluded(customer: number): void {
    const { excluded } = this.scope;
    if (excluded === undefined) return;
    for (let i = excluded.offsets[customer]; i < excluded.offsets[customer + 1]; i++) {
      this.excludedFor[excluded.indices[i]] = customer + 1;
    }
  }

  /** The score of a dataset product; NaN when the model does not know it. */
  scoreOf(product: number): number {
    const modelIndex = this.datasetToModel ? this.datasetToModel[product] : product;
    return modelIndex < 0 ? NaN : this.scores[modelIndex];
  }

  /** Offers every product that may be ranked. A score of exactly 0 is no evidence, and is not recommended. */
  offerTo(selector: TopSelector, customer: number): void {
    const { allowed, productMap } = this.scope;
    const { scores, excludedFor } = this;
    const mark = customer + 1;
    for (let m = 0; m < scores.length; m++) {
      const score = scores[m];
      if (score === 0) continue;
      const product = productMap === undefined ? m : productMap[m];
      if (product < 0 || allowed[product] === 0 || excludedFor[product] === mark) continue;
      selector.offer(score, product);
    }
  }

  /** The component with the largest share in the product's score; the first of equals. */
  sourceOf(product: number): number {
    if (this.shares.length === 1) return 0;
    this.scorer.explainInto(this.shares, this.datasetToModel ? this.datasetToModel[product] : product);
    let best = 0;
    for (let c = 1; c < this.shares.length; c++) if (this.shares[c] > this.shares[best]) best = c;
    return best;
  }
}
