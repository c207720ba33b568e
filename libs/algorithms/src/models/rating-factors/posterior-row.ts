import { addGramInto, factorCholesky, solveCholeskyInto } from '../../kernels/symmetric-solve.js';
import { AlgorithmRangeError } from '../../errors.js';

/*
 * Legend: y standardised rating; x = (b, p) one row's bias and d factors; z = (c, q) a row of the fixed side; expected rating
 * b + c + p·q; τ precision of the noise; α prior precisions, m prior mean of x. Vectors have 1 + d entries, padded with zeros
 * to `stride`.
 */

/** Rows gathered before each rank-n update: 64 × 32 doubles stay in the first-level cache. */
const GATHER_ROWS = 64;

/** How the pair values become ratings: y = (value - mean) / deviation. */
export interface RatingScale {
  readonly mean: number;
  /** Above 0. */
  readonly deviation: number;
}

/** Posterior of one side of the model, rows × stride each. */
export interface FactorRows {
  readonly means: Float32Array;
  /** Marginal variances. */
  readonly variances: Float32Array;
}

/** What the model believes about a row before it sees its ratings. */
export interface RowPrior {
  /** α, length stride; 1 in the padding. */
  readonly precisions: Float64Array;
  /** Rows × stride; m of the row starts at `meansAt`. */
  readonly means: Float32Array;
}

/** Overwrites out with the diagonal of (RᵀR)⁻¹; the upper triangle of W gets R⁻¹. d³ / 6 multiply-adds. */
export function inverseDiagonalInto(out: Float64Array, W: Float64Array, R: Float64Array, d: number): void {
  for (let i = d - 1; i >= 0; i--) {
    const row = i * d;
    const inverse = 1 / R[row + i];
    for (let j = i + 1; j < d; j++) W[row + j] = 0;
    for (let k = i + 1; k < d; k++) {
      const m = R[row + k];
      for (let j = k; j < d; j++) W[row + j] -= m * W[k * d + j];
    }
    W[row + i] = inverse;
    let sum = inverse * inverse;
    for (let j = i + 1; j < d; j++) {
      W[row + j] *= inverse;
      sum += W[row + j] * W[row + j];
    }
    out[i] = sum;
  }
}

/**
 * Posterior N(mean, A⁻¹) of a row given its ratings and the fixed side's posterior:
 *   A = diag(α) + τ Σ_j (f fᵀ + diag(0, v_j)),  A mean = α m + τ Σ_j (y_j - c_j) f,  f = (1, q_j),
 * v_j the marginal variances of q_j: the uncertainty of a product acts as additional, individual ridge.
 * Source: Lim and Teh, "Variational Bayesian approach to movie rating prediction" (2007), eqs. 9 to 12, with biases, a prior
 * mean, and the fixed side's covariances reduced to their diagonals. Cost per row of n ratings: n d²/2 + d³/2.
 */
export class PosteriorRow {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
  private readonly dimensions: number;
  private readonly stride: number;
  private readonly matrix: Float64Array;
  private readonly inverse: Float64Array;
  private readonly gathered: Float64Array;
  private readonly right: Float64Array;
  /** Of τ G, see `expectedSquaredError`. */
  private readonly diagonal: Float64Array;
  private readonly scale: RatingScale;
  /** Of the row at hand: Σ y² and Σ Var(c). */
  private squaredRatings = 0;
  private biasVariance = 0;

  /** @param dimensions 1 + d; stride without the padding */
  constructor(dimensions: number, stride: number, scale: RatingScale) {
    this.dimensions = dimensions;
    this.stride = stride;
    this.scale = scale;
    this.mean = new Float64Array(stride);
    this.variance = new Float64Array(stride);
    this.matrix = new Float64Array(stride * stride);
    this.inverse = new Float64Array(stride * stride);
    this.gathered = new Float64Array(GATHER_ROWS * stride);
    this.right = new Float64Array(stride);
    this.diagonal = new Float64Array(stride);
  }

  /**
   * Leaves the posterior in `mean` and `variance`.
   * @returns the expected squared error Σ_j E(y_j - b - c_j - p·q_j)² of the row's ratings
   * @throws AlgorithmRangeError NOT_POSITIVE_DEFINITE when factors have overflowed
   */
  solve(
    fixed: FactorRows,
    prior: RowPrior,
    priorAt: number,
    noisePrecision: number,
    indices: Int32Array,
    values: Float32Array,
    start: number,
    end: number,
  ): number {
    const { matrix, mean, right, stride } = this;
    matrix.fill(0);
    right.fill(0);
    this.squaredRatings = 0;
    this.biasVariance = 0;
    for (let e = start; e < end; e += GATHER_ROWS) {
      this.addRatings(fixed, indices, values, e, Math.min(end, e + GATHER_ROWS));
    }
    for (let i = 0; i < matrix.length; i++) matrix[i] *= noisePrecision;
    for (let k = 0; k < stride; k++) {
      this.diagonal[k] = matrix[k * stride + k];
      matrix[k * stride + k] += prior.precisions[k];
      mean[k] = prior.precisions[k] * prior.means[priorAt + k] + noisePrecision * right[k];
    }
    if (!factorCholesky(matrix, stride)) {
      throw new AlgorithmRangeError('NOT_POSITIVE_DEFINITE', 'values', 'are too large for this model');
    }
    solveCholeskyInto(mean, matrix, stride);
    inverseDiagonalInto(this.variance, this.inverse, matrix, stride);
    this.variance.fill(0, this.dimensions);
    return this.expectedSquaredError(prior, priorAt, noisePrecision);
  }

  /** Adds Σ (f fᵀ + diag v) to the matrix and Σ (y - c) f to the right-hand side for ratings start … end - 1. */
  private addRatings(
    fixed: FactorRows,
    indices: Int32Array,
    values: Float32Array,
    start: number,
    end: number,
  ): void {
    const { gathered, right, matrix, stride, scale } = this;
    const perDeviation = 1 / scale.deviation;
    for (let e = start; e < end; e++) {
      const source = indices[e] * stride;
      const target = (e - start) * stride;
      const y = (values[e] - scale.mean) * perDeviation - fixed.means[source];
      this.squaredRatings += y * y;
      this.biasVariance += fixed.variances[source];
      gathered[target] = 1;
      right[0] += y;
      for (let k = 1; k < stride; k++) {
        const q = fixed.means[source + k];
        gathered[target + k] = q;
        right[k] += y * q;
        matrix[k * stride + k] += fixed.variances[source + k];
      }
    }
    addGramInto(matrix, gathered, end - start, stride);
  }

  /**
   * From quantities at hand, with G = Σ (f fᵀ + diag v), A = τ G + diag α and only the diagonal V of A⁻¹:
   *   Σ E(…)² = Σ (y² + Var c) - 2 mean·right + meanᵀ G mean + tr(G V).
   * With all of A⁻¹ the noise would come out smaller than what the other side, which sees diagonals alone, can explain.
   */
  private expectedSquaredError(prior: RowPrior, priorAt: number, noisePrecision: number): number {
    const { mean, variance, right, diagonal } = this;
    let cross = 0;
    let quadratic = 0;
    for (let k = 0; k < this.dimensions; k++) {
      cross += mean[k] * right[k];
      quadratic += prior.precisions[k] * mean[k] * (prior.means[priorAt + k] - mean[k]);
      quadratic += diagonal[k] * variance[k];
    }
    return this.squaredRatings + this.biasVariance - cross + quadratic / noisePrecision;
  }
}
