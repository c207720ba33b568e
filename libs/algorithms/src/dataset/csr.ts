import { sharedFloat32, sharedInt32 } from '../parallel/shared-arrays.js';

/**
 * A sparse matrix in compressed sparse row form. Row r holds the entries offsets[r] .. offsets[r + 1] - 1 of `indices`
 * (columns, strictly ascending within a row) and `values`.
 */
export interface Csr {
  readonly rows: number;
  readonly columns: number;
  /** Length rows + 1. */
  readonly offsets: Int32Array;
  /** Length offsets[rows]. */
  readonly indices: Int32Array;
  /** Length offsets[rows]. */
  readonly values: Float32Array;
}

/** An all-zero matrix of the given shape. */
export function emptyCsr(rows: number, columns: number): Csr {
  return { rows, columns, offsets: sharedInt32(rows + 1), indices: sharedInt32(0), values: sharedFloat32(0) };
}

/** The transpose, by counting sort: O(entries + rows + columns); rows of the result ascend because source rows do. */
export function transpose(matrix: Csr): Csr {
  const { rows, columns, offsets, indices, values } = matrix;
  const entries = offsets[rows];
  const outOffsets = sharedInt32(columns + 1);
  for (let e = 0; e < entries; e++) outOffsets[indices[e] + 1]++;
  for (let c = 0; c < columns; c++) outOffsets[c + 1] += outOffsets[c];
  const cursor = outOffsets.slice(0, columns);
  const outIndices = sharedInt32(entries);
  const outValues = sharedFloat32(entries);
  for (let r = 0; r < rows; r++) {
    for (let e = offsets[r]; e < offsets[r + 1]; e++) {
      const slot = cursor[indices[e]]++;
      outIndices[slot] = r;
      outValues[slot] = values[e];
    }
  }
  return { rows: columns, columns: rows, offsets: outOffsets, indices: outIndices, values: outValues };
}
