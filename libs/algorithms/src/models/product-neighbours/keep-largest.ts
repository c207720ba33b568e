import type { Csr } from '../../dataset/csr.js';
import { TopSelector } from '../../kernels/top-selector.js';
import { sharedFloat32, sharedInt32 } from '../../parallel/shared-arrays.js';

/** Each row's `count` largest entries, equal ones by lower column. O(entries · log count). */
export function keepLargest(matrix: Csr, count: number): Csr {
  const { rows, columns, offsets } = matrix;
  const outOffsets = sharedInt32(rows + 1);
  for (let r = 0; r < rows; r++)
    outOffsets[r + 1] = outOffsets[r] + Math.min(count, offsets[r + 1] - offsets[r]);
  const indices = sharedInt32(outOffsets[rows]);
  const values = sharedFloat32(outOffsets[rows]);
  const selector = new TopSelector(count);
  const entries = new Int32Array(count);
  const largest = new Float32Array(count);
  for (let r = 0; r < rows; r++) {
    // Columns ascend, so that the order of entries is that of columns, too.
    for (let e = offsets[r]; e < offsets[r + 1]; e++) selector.offer(matrix.values[e], e);
    const kept = entries.subarray(0, selector.drainInto(entries, largest, 0)).sort();
    for (let k = 0; k < kept.length; k++) {
      indices[outOffsets[r] + k] = matrix.indices[kept[k]];
      values[outOffsets[r] + k] = matrix.values[kept[k]];
    }
  }
  return { rows, columns, offsets: outOffsets, indices, values };
}
