import type { Csr } from '../../dataset/csr.js';
import { sharedFloat32, sharedFloat64 } from '../../parallel/shared-arrays.js';

/*
 * Legend: A = baskets × products (customers and orders against products), p_bi = A_bi / Σ_j A_bj the chance to step from
 * basket b to product i, p_ib = A_bi / Σ_c A_ci back, d_j = Σ_b A_bj the degree of product j.
 */

/** The least power of a probability: far below any that matters, and above the 0 that means "no edge". */
const LEAST_POWER = 1e-30;

/** Each row of A divided by its sum, then every entry to the power α: p^α. Rows without entries stay empty. */
export function transitionPowers(matrix: Csr, alpha: number): Csr {
  const { offsets, values } = matrix;
  const powers = sharedFloat32(values.length);
  for (let r = 0; r < matrix.rows; r++) {
    const sum = rowSum(matrix, r);
    for (let e = offsets[r]; e < offsets[r + 1]; e++)
      powers[e] = Math.max((values[e] / sum) ** alpha, LEAST_POWER);
  }
  return { ...matrix, values: powers };
}

/** d_j^β per row j of A transposed. */
export function degreePowers(byProduct: Csr, beta: number): Float64Array<SharedArrayBuffer> {
  const powers = sharedFloat64(byProduct.rows);
  for (let j = 0; j < byProduct.rows; j++) powers[j] = rowSum(byProduct, j) ** beta;
  return powers;
}

/** Scales every row to sum to 1, in place. */
export function normaliseRows(matrix: Csr): void {
  const { offsets, values } = matrix;
  for (let r = 0; r < matrix.rows; r++) {
    const sum = rowSum(matrix, r);
    for (let e = offsets[r]; e < offsets[r + 1]; e++) values[e] /= sum;
  }
}

function rowSum({ offsets, values }: Csr, row: number): number {
  let sum = 0;
  for (let e = offsets[row]; e < offsets[row + 1]; e++) sum += values[e];
  return sum;
}
