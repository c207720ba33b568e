import type { Algorithm, Model } from '../algorithm.js';
import type { ModelFile } from '../model-file.js';
import { readModelFile, writeModelFile } from '../model-file.js';
import { defaultsOf, validateParameters } from '../parameters.js';
import { powerWeighing, ProductNeighboursModel } from '../product-neighbours/product-neighbours-model.js';
import { stackBaskets } from '../product-neighbours/stack-baskets.js';
import { SquareWeightsModel } from '../product-weights/square-weights-model.js';
import { weightListsBytes } from '../product-weights/weight-lists.js';
import { fitBytes, fitWeights, isSquare, roomOf } from './ease-fit.js';
import type { EaseParams } from './ease-parameters.js';
import { EASE_PARAMETERS } from './ease-parameters.js';

const EASE_NAME = 'ease';
/** What the memory estimate allows for. */
const MOST_THREADS = 64;

export function openEase(file: ModelFile): Model {
  const params = file.params as EaseParams;
  const weigh = powerWeighing(params.valueExponent);
  if (isSquare(file.productCount, params)) return new SquareWeightsModel<EaseParams>(file, weigh);
  return new ProductNeighboursModel<EaseParams>(file, weigh);
}

/**
 * A linear model of a whole history: score_j = Σ_{i ∈ history} v_i^valueExponent · B_ij, the minimiser over diag B = 0 of
 *   |X - XB|² + Σ_i λ_i |B_i·|²,  which is B_ij = -P_ij / P_jj with P = (XᵀX + Λ)⁻¹.
 * Weights may be negative. Above `denseProducts` products each column of B is fitted on its most similar products alone
 * (the same minimiser with all other weights of the column held at 0).
 * Sources: Steck, "Embarrassingly Shallow Autoencoders for Sparse Data" (2019), eq. 8; Steck, "Markov Random Fields for
 * Collaborative Filtering" (2019), section 3.2, for the sparse form and the scaled regularisation.
 */
export const ease: Algorithm<EaseParams> = {
  name: EASE_NAME,
  parameters: EASE_PARAMETERS,
  defaults: defaultsOf<EaseParams>(EASE_PARAMETERS),
  validate: (params) => validateParameters<EaseParams>(EASE_PARAMETERS, params),
  estimateMemoryBytes({ customerCount, productCount, pairCount }, params) {
    const shape = { customers: customerCount, products: productCount, pairs: pairCount };
    const rows = 16 * pairCount + 4 * (customerCount + productCount) + 40 * productCount;
    const weights = isSquare(productCount, params)
      ? 8 * productCount ** 2
      : weightListsBytes(productCount, roomOf(productCount, params));
    return rows + fitBytes(shape, params, MOST_THREADS) + weights;
  },
  async fit(data, params, context) {
    const valid = ease.validate(params);
    const rows = stackBaskets(data.byCustomer, data.orders, { ...valid, orderWeight: 0 });
    const bytes = writeModelFile(EASE_NAME, valid, data.productCount, await fitWeights(rows, valid, context));
    return openEase(readModelFile(bytes, false));
  },
};
