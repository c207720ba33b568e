import { factorCholesky, solveCholeskyInto } from '../kernels/symmetric-solve.js';

/** The pairs and ridges of the rows to solve, as in `IalsSide`. */
interface Rows {
  readonly offsets: Int32Array;
  readonly indices: Int32Array;
  readonly weights: Float32Array;
  readonly ridges: Float32Array;
}

/**
 * The plain twin of the kernel `solveRowsByBlocks`, in double precision: one pass over the blocks of factors of one row,
 * each a Newton step on Σ w (1 - x·y)² + xᵀGx + ridge |x|² with the other factors held.
 * @param x overwritten
 * @param gram G, full square
 */
export function solveRowByBlocks(
  x: Float64Array,
  fixed: Float32Array,
  gram: Float64Array,
  { offsets, indices, weights, ridges }: Rows,
  row: number,
  block: number,
): void {
  const stride = x.length;
  const observed = Array.from({ length: offsets[row + 1] - offsets[row] }, (_, k) => {
    const e = offsets[row] + k;
    const y = fixed.subarray(indices[e] * stride, (indices[e] + 1) * stride);
    return { w: weights[e], y };
  });
  for (let b = 0; b < stride; b += block) {
    const size = Math.min(block, stride - b);
    const gradient = new Float64Array(size);
    const hessian = new Float64Array(size * size);
    for (let i = 0; i < size; i++) {
      gradient[i] = ridges[row] * x[b + i];
      for (let j = 0; j < stride; j++) gradient[i] += gram[(b + i) * stride + j] * x[j];
      for (let j = 0; j < size; j++) hessian[i * size + j] = gram[(b + i) * stride + b + j];
      hessian[i * size + i] += ridges[row];
    }
    for (const { w, y } of observed) {
      const error = w * (x.reduce((sum, value, f) => sum + value * y[f], 0) - 1);
      for (let i = 0; i < size; i++) {
        gradient[i] += error * y[b + i];
        for (let j = 0; j < size; j++) hessian[i * size + j] += w * y[b + i] * y[b + j];
      }
    }
    factorCholesky(hessian, size);
    solveCholeskyInto(gradient, hessian, size);
    for (let i = 0; i < size; i++) x[b + i] -= gradient[i];
  }
}
