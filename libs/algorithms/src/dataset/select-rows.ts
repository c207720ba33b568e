import { sharedFloat32, sharedInt32 } from '../parallel/shared-arrays.js';
import type { Csr } from './csr.js';

/** The matrix of the given rows, in their order. O(entries selected). */
export function selectRows(matrix: Csr, rows: Int32Array): Csr {
  const offsets = sharedInt32(rows.length + 1);
  rows.forEach((row, r) => {
    offsets[r + 1] = offsets[r] + matrix.offsets[row + 1] - matrix.offsets[row];
  });
  const indices = sharedInt32(offsets[rows.length]);
  const values = sharedFloat32(offsets[rows.length]);
  rows.forEach((row, r) => {
    indices.set(matrix.indices.subarray(matrix.offsets[row], matrix.offsets[row + 1]), offsets[r]);
    values.set(matrix.values.subarray(matrix.offsets[row], matrix.offsets[row + 1]), offsets[r]);
  });
  return { rows: rows.length, columns: matrix.columns, offsets, indices, values };
}
