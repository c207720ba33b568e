import type { Model } from '../algorithm.js';
import type { ModelFile } from '../model-file.js';
import { ratingAlgorithm } from '../rating-factors/rating-algorithm.js';
import { RatingFactorModel } from '../rating-factors/rating-factor-model.js';

export function openBiasedMf(file: ModelFile): Model {
  return new RatingFactorModel(file);
}

/**
 * Matrix factorisation of ratings with biases: r_ui = μ + b_u + c_i + p_u·q_i + noise (Koren, Bell and Volinsky, "Matrix
 * factorization techniques for recommender systems", 2009, eq. 4), fitted by variational Bayes: every vector keeps its
 * uncertainty, and all regularisation is learnt from the data (Lim and Teh 2007). Equations in
 * `rating-factors/posterior-row.ts`.
 */
export const biasedMf = ratingAlgorithm('biased-mf', false);
