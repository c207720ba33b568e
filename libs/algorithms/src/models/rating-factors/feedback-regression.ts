import type { Csr } from '../../dataset/csr.js';

/** Columns start … end - 1 of arrays with `stride` columns; each column is a regression of its own. */
export interface ColumnRange {
  readonly start: number;
  readonly end: number;
}

export interface FeedbackTask extends ColumnRange {
  /** Rows × sources: which sources (whatever their value) each row has. */
  readonly observed: Csr;
  /** The transpose. */
  readonly bySource: Csr;
  /** Rows × stride: posterior means of the rows. */
  readonly means: Float32Array;
  /** α of the rows, length stride. */
  readonly precisions: Float64Array;
  /** Rows × stride, read and written: m_r = n_r^-½ Σ w_j over the row's n_r sources. */
  readonly priorMeans: Float32Array;
  /** w, sources × stride, read and written. */
  readonly weights: Float32Array;
  /** λ, prior precisions of the weights, length stride. */
  readonly weightPrecisions: Float64Array;
  readonly stride: number;
}

/** Per column of the range. */
export interface FeedbackSums {
  /** Σ_j E w_j². */
  readonly squaredWeights: Float64Array;
  /** Σ_r Var m_r. */
  readonly priorMeanVariance: Float64Array;
}

/**
 * Overwrites out[at + start … at + end - 1] with n^-½ Σ_j w_j over sources[from … to - 1]: the implicit feedback of SVD++
 * (Koren, "Factorization meets the neighborhood", 2008, eq. 15). Zeros without sources.
 */
export function feedbackInto(
  out: Float32Array,
  at: number,
  weights: Float32Array,
  stride: number,
  { start, end }: ColumnRange,
  sources: Int32Array,
  from: number,
  to: number,
): void {
  const share = shareOf(to - from);
  for (let k = start; k < end; k++) {
    let sum = 0;
    for (let e = from; e < to; e++) sum += weights[sources[e] * stride + k];
    out[at + k] = share * sum;
  }
}

function shareOf(sources: number): number {
  return sources > 0 ? 1 / Math.sqrt(sources) : 0;
}

/** Residuals means - priorMeans of a column range, kept up to date while single weights change. */
class FeedbackRegression {
  readonly sums: FeedbackSums;
  private readonly task: FeedbackTask;
  private readonly width: number;
  /** s_r = n_r^-½. */
  private readonly shares: Float64Array;
  /** t, rows × width. */
  private readonly residuals: Float64Array;
  private readonly gradient: Float64Array;

  constructor(task: FeedbackTask) {
    const { observed, means, priorMeans, stride, start, end } = task;
    const { rows, offsets } = observed;
    this.task = task;
    this.width = end - start;
    this.gradient = new Float64Array(this.width);
    this.sums = {
      squaredWeights: new Float64Array(this.width),
      priorMeanVariance: new Float64Array(this.width),
    };
    this.shares = Float64Array.from({ length: rows }, (_, r) => shareOf(offsets[r + 1] - offsets[r]));
    this.residuals = new Float64Array(rows * this.width);
    for (let r = 0, t = 0; r < rows; r++) {
      for (let at = r * stride + start; at < r * stride + end; at++) {
        this.residuals[t++] = means[at] - priorMeans[at];
      }
    }
  }

  /** w_j = α Σ_r s_r (t_r + s_r w_j) / (λ + α Σ_r s_r²) over the rows r that have source j. */
  updateSource(j: number): void {
    const { gradient, residuals, shares, width } = this;
    const { offsets, indices } = this.task.bySource;
    gradient.fill(0);
    let squaredShares = 0;
    for (let e = offsets[j]; e < offsets[j + 1]; e++) {
      const share = shares[indices[e]];
      const at = indices[e] * width;
      squaredShares += share * share;
      for (let k = 0; k < width; k++) gradient[k] += share * residuals[at + k];
    }
    this.changeWeights(j, squaredShares);
    for (let e = offsets[j]; e < offsets[j + 1]; e++) {
      const share = shares[indices[e]];
      const at = indices[e] * width;
      for (let k = 0; k < width; k++) residuals[at + k] -= share * gradient[k];
    }
  }

  /** Takes Σ s t from `gradient` and leaves the changes of the weights there. */
  private changeWeights(j: number, squaredShares: number): void {
    const { gradient, sums, width } = this;
    const { weights, weightPrecisions, precisions, stride, start } = this.task;
    for (let k = 0; k < width; k++) {
      const at = j * stride + start + k;
      const alpha = precisions[start + k];
      const precision = weightPrecisions[start + k] + alpha * squaredShares;
      const before = weights[at];
      weights[at] = (alpha * (gradient[k] + squaredShares * before)) / precision;
      gradient[k] = weights[at] - before;
      sums.squaredWeights[k] += weights[at] * weights[at] + 1 / precision;
      sums.priorMeanVariance[k] += squaredShares / precision;
    }
  }
}

/**
 * One Gauss-Seidel pass over the weights of the regression means ≈ m, each column by itself; then the new prior means.
 * O(ratings · columns).
 * Source: Park, Kim and Choi, "Hierarchical Bayesian matrix factorization with side information" (2013), with a row's own
 * ratings as its side information.
 */
export function runRegressFeedback(task: FeedbackTask): FeedbackSums {
  const { observed, bySource, priorMeans, weights, stride } = task;
  const { offsets, indices } = observed;
  const regression = new FeedbackRegression(task);
  for (let j = 0; j < bySource.rows; j++) regression.updateSource(j);
  for (let r = 0; r < observed.rows; r++) {
    feedbackInto(priorMeans, r * stride, weights, stride, task, indices, offsets[r], offsets[r + 1]);
  }
  return regression.sums;
}
