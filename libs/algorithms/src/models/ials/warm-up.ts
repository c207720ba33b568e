import { factorCholesky, solveCholeskyInto } from '../../kernels/symmetric-solve.js';

/** ε relative to the mean of the diagonal: keeps single precision away from directions that the rows hardly have. */
const RELATIVE_RIDGE = 1e-5;

/** Overwrites a full square A, positive semi-definite, with (A + εI)⁻¹. d³ multiply-adds, in double precision. */
export function invertGram(A: Float32Array, d: number): void {
  let trace = 0;
  for (let i = 0; i < d; i++) trace += A[i * d + i];
  const factor = Float64Array.from(A);
  for (let i = 0; i < d; i++) factor[i * d + i] += trace > 0 ? (RELATIVE_RIDGE * trace) / d : 1;
  factorCholesky(factor, d);
  const column = new Float64Array(d);
  for (let i = 0; i < d; i++) {
    column.fill(0);
    column[i] = 1;
    solveCholeskyInto(column, factor, d);
    A.set(column, i * d);
  }
}

/** Scales the two sides against each other, so that both have the same norm; their products stay what they are. */
export function balance(left: Float32Array, right: Float32Array): void {
  const ratio = Math.sqrt(Math.sqrt(sumOfSquares(right) / sumOfSquares(left)));
  if (!(ratio > 0) || !Number.isFinite(ratio)) return;
  for (let i = 0; i < left.length; i++) left[i] *= ratio;
  for (let i = 0; i < right.length; i++) right[i] /= ratio;
}

function sumOfSquares(values: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] * values[i];
  return sum;
}
