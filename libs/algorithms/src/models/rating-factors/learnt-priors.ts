/*
 * Empirical Bayes: each prior precision becomes the inverse of what it is the precision of, on average over the posterior.
 * Weak Gamma priors, worth PRIOR_ROWS observations, keep small and degenerate data (one customer, all ratings equal) defined.
 * Source: Lim and Teh (2007), eqs. 13 and 14; MacKay (1992) for the pruning of factors that it brings about.
 */
const PRIOR_ROWS = 2;
/** Prior variances of a factor or bias and of the noise, in variances of the ratings. */
const PRIOR_FACTOR_VARIANCE = 0.05;
const PRIOR_NOISE_VARIANCE = 1;

/** Precision of a column from Σ E(x - m)² over its rows. */
export function factorPrecision(rows: number, squares: number): number {
  return (rows + PRIOR_ROWS) / (squares + PRIOR_ROWS * PRIOR_FACTOR_VARIANCE);
}

/** τ from the expected squared error over all ratings. */
export function noisePrecision(ratings: number, squaredError: number): number {
  return (ratings + PRIOR_ROWS) / (Math.max(0, squaredError) + PRIOR_ROWS * PRIOR_NOISE_VARIANCE);
}
