import type { Csr } from '../../dataset/csr.js';
import { sharedFloat32, sharedFloat64 } from '../../parallel/shared-arrays.js';

/** n^-exponent per product of n customers; 1 for a product of none (nobody is compared by it). */
export function productWeights(byProduct: Csr, exponent: number): Float64Array<SharedArrayBuffer> {
  const weights = sharedFloat64(byProduct.rows);
  for (let p = 0; p < byProduct.rows; p++) {
    const customers = byProduct.offsets[p + 1] - byProduct.offsets[p];
    weights[p] = customers > 0 ? customers ** -exponent : 1;
  }
  return weights;
}

/** Every value to the power `exponent`; a power that underflows becomes the smallest that stays clear of 0 in products. */
export function powersOf(values: Float32Array, exponent: number): Float32Array<SharedArrayBuffer> {
  const powers = sharedFloat32(values.length);
  for (let e = 0; e < values.length; e++) powers[e] = Math.max(values[e] ** exponent, 1e-30);
  return powers;
}

/** |w x_v| per customer v: the norm of their row with product p weighing w_p. */
export function weightedNorms(rows: Csr, weights: Float64Array): Float64Array<SharedArrayBuffer> {
  const norms = sharedFloat64(rows.rows);
  for (let v = 0; v < rows.rows; v++) {
    let sum = 0;
    for (let e = rows.offsets[v]; e < rows.offsets[v + 1]; e++)
      sum += (weights[rows.indices[e]] * rows.values[e]) ** 2;
    norms[v] = Math.sqrt(sum);
  }
  return norms;
}

/** Whether row `row` of the matrix has exactly these columns (ascending). O(columns.length) for equal lengths, else O(1). */
export function hasExactly({ offsets, indices }: Csr, row: number, columns: Int32Array): boolean {
  const start = offsets[row];
  if (offsets[row + 1] - start !== columns.length) return false;
  for (let i = 0; i < columns.length; i++) if (indices[start + i] !== columns[i]) return false;
  return true;
}
