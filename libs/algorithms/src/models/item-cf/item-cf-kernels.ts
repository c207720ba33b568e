import type { Csr } from '../../dataset/csr.js';
import { squaredNorms } from '../product-neighbours/stack-baskets.js';
import type { SimilarityMeasure } from '../product-neighbours/similar-products.js';
import type { ItemCfParams } from './item-cf-parameters.js';

/*
 * Legend: x_i = column of product i over the n baskets, x_i · x_j = Σ_b x_bi x_bj, λ = shrinkage. On binary columns |x_i|² is
 * c_i, the number of baskets with i, and x_i · x_j is c_ij, the number with both.
 */

/**
 * The scales that make `runSimilarProducts` compute
 *   cosine:  x_i · x_j / (|x_i| |x_j| + λ): Deshpande and Karypis, "Item-based top-N recommendation algorithms" (2004),
 *            eq. 3, with the shrink term of Bell and Koren (2007)
 *   jaccard: x_i · x_j / (|x_i|² + |x_j|² - x_i · x_j + λ): Tanimoto's form, on binary columns |A ∩ B| / |A ∪ B|
 *   lift:    x_i · x_j / (|x_i|² |x_j|² / n + λ): co-purchase against what independence expects (Brin, Motwani, Ullman and
 *            Tsur, 1997, "interest"); λ counts in expected baskets, so that rare coincidences do not win
 */
export function similarityMeasure(
  byProduct: Csr,
  { similarity, shrinkage }: Pick<ItemCfParams, 'similarity' | 'shrinkage'>,
): SimilarityMeasure {
  const scales = squaredNorms(byProduct);
  const baskets = byProduct.columns;
  if (similarity === 'cosine') scales.forEach((square, i) => (scales[i] = Math.sqrt(square)));
  if (similarity === 'lift') scales.forEach((square, i) => (scales[i] = square / Math.sqrt(baskets)));
  const denominator = similarity === 'jaccard' ? 'union' : 'product';
  return { denominator, leftScales: scales, rightScales: scales, shrinkage };
}
