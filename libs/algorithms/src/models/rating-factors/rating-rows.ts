import type { Csr } from '../../dataset/csr.js';
import type { FactorRows, RatingScale, RowPrior } from './posterior-row.js';
import { PosteriorRow } from './posterior-row.js';

export interface RatingRowsTask {
  /** Rows to solve × rows of the fixed side. */
  readonly observed: Csr;
  readonly fixed: FactorRows;
  /** Written: rows start … end - 1. */
  readonly solved: FactorRows;
  readonly prior: RowPrior;
  /** τ. */
  readonly noisePrecision: number;
  readonly scale: RatingScale;
  /** 1 + number of factors. */
  readonly dimensions: number;
  readonly stride: number;
  readonly start: number;
  readonly end: number;
}

/** One block of a half-sweep; writes shared memory and returns the block's expected squared error. */
export function runRatingRows(task: RatingRowsTask): number {
  const { observed, fixed, solved, prior, noisePrecision, scale, dimensions, stride, start, end } = task;
  const { offsets, indices, values } = observed;
  const row = new PosteriorRow(dimensions, stride, scale);
  let error = 0;
  for (let r = start; r < end; r++) {
    const at = r * stride;
    error += row.solve(fixed, prior, at, noisePrecision, indices, values, offsets[r], offsets[r + 1]);
    solved.means.set(row.mean, at);
    solved.variances.set(row.variance, at);
  }
  return error;
}
