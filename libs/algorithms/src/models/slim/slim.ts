import type { Algorithm, Model } from '../algorithm.js';
import type { ModelFile } from '../model-file.js';
import { readModelFile, writeModelFile } from '../model-file.js';
import { defaultsOf, validateParameters } from '../parameters.js';
import { powerWeighing, ProductNeighboursModel } from '../product-neighbours/product-neighbours-model.js';
import { stackBaskets } from '../product-neighbours/stack-baskets.js';
import { weightListsBytes } from '../product-weights/weight-lists.js';
import { fitBytes, fitWeights, roomOf } from './slim-fit.js';
import type { SlimParams } from './slim-parameters.js';
import { SLIM_PARAMETERS } from './slim-parameters.js';

const SLIM_NAME = 'slim';
/** What the memory estimate allows for. */
const MOST_THREADS = 64;

export function openSlim(file: ModelFile): Model {
  return new ProductNeighboursModel<SlimParams>(
    file,
    powerWeighing((file.params as SlimParams).valueExponent),
  );
}

/**
 * Sparse linear method: score_j = Σ_{i ∈ history} v_i^valueExponent · W_ij, each column of W the minimiser over w ≥ 0 with
 * w_j = 0 of  ½ |x_j - X w|² + ½ β |w|² + λ Σ w,  found by coordinate descent on G = XᵀX:
 *   w_k ← max(0, (G_kj - Σ_{i ≠ k} G_ki w_i - λ) / (G_kk + β)).
 * Sources: Ning and Karypis, "SLIM: Sparse Linear Methods for Top-N Recommender Systems" (2011), eqs. 3 and 4, and section
 * IV.B for the choice of candidates by similarity; Friedman, Hastie and Tibshirani, "Regularization Paths for Generalized
 * Linear Models via Coordinate Descent" (2010), section 2.2 (covariance updates).
 */
export const slim: Algorithm<SlimParams> = {
  name: SLIM_NAME,
  parameters: SLIM_PARAMETERS,
  defaults: defaultsOf<SlimParams>(SLIM_PARAMETERS),
  validate: (params) => validateParameters<SlimParams>(SLIM_PARAMETERS, params),
  estimateMemoryBytes({ customerCount, productCount, pairCount }, params) {
    const shape = { customers: customerCount, products: productCount, pairs: pairCount };
    const rows = 16 * pairCount + 4 * (customerCount + productCount) + 40 * productCount;
    return (
      rows +
      fitBytes(shape, params, MOST_THREADS) +
      weightListsBytes(productCount, roomOf(productCount, params))
    );
  },
  async fit(data, params, context) {
    const valid = slim.validate(params);
    const rows = stackBaskets(data.byCustomer, data.orders, { ...valid, orderWeight: 0 });
    const bytes = writeModelFile(SLIM_NAME, valid, data.productCount, await fitWeights(rows, valid, context));
    return openSlim(readModelFile(bytes, false));
  },
};
