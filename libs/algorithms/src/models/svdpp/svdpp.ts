import type { Model } from '../algorithm.js';
import type { ModelFile } from '../model-file.js';
import { ratingAlgorithm } from '../rating-factors/rating-algorithm.js';
import { RatingFactorModel } from '../rating-factors/rating-factor-model.js';

export function openSvdpp(file: ModelFile): Model {
  return new RatingFactorModel(file);
}

/**
 * SVD++ (Koren 2008, eq. 15): `biased-mf` in which what a customer rated, whatever the rating, says something too,
 *   r_ui = μ + b_u + c_i + q_i·(p_u + |N(u)|^-½ Σ_{j ∈ N(u)} y_j),
 * here as the prior mean of (b_u, p_u), so that y is learnt with its own regularisation and gives way to the ratings. The same
 * holds the other way round for products and who rated them ("flipped" in Rendle, Zhang and Koren, "On the difficulty of
 * evaluating baselines", 2019). Equations in `rating-factors/feedback-regression.ts`.
 */
export const svdpp = ratingAlgorithm('svdpp', true);
