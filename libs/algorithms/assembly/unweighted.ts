// The least-squares problems of rows in which all pairs weigh the same: one matrix serves them all.
import { multiplySymmetric } from './conjugate-gradient';
import { addScaled, floats } from './simd';

/** sum += Σ y over the n rows of Y that the indices name; four rows share the loads of the sum. */
function addRows(sum: usize, Y: usize, indices: usize, n: i32, row: usize): void {
  let k = 0;
  for (; k + 4 <= n; k += 4) {
    const from = indices + floats(k);
    const y0 = Y + <usize>load<u32>(from) * row, y1 = Y + <usize>load<u32>(from, 4) * row;
    const y2 = Y + <usize>load<u32>(from, 8) * row, y3 = Y + <usize>load<u32>(from, 12) * row;
    for (let j: usize = 0; j < row; j += 16) {
      const low = f32x4.add(v128.load(y0 + j), v128.load(y1 + j));
      const high = f32x4.add(v128.load(y2 + j), v128.load(y3 + j));
      v128.store(sum + j, f32x4.add(v128.load(sum + j), f32x4.add(low, high)));
    }
  }
  for (; k < n; k++) addScaled(sum, Y + <usize>load<u32>(indices + floats(k)) * row, 1, row);
}

/** Rows start … end − 1 of X: x = M Σ y, for M = (YᵀY + εI)⁻¹, full square. Scratch: width floats. */
export function solveUnweightedRows(
  X: usize, Y: usize, M: usize, offsets: usize, indices: usize, width: i32, start: i32, end: i32, scratch: usize,
): void {
  const row = floats(width);
  for (let u = start; u < end; u++) {
    const from = load<i32>(offsets + floats(u));
    memory.fill(scratch, 0, row);
    addRows(scratch, Y, indices + floats(from), load<i32>(offsets + floats(u), 4) - from, row);
    multiplySymmetric(X + <usize>u * row, M, scratch, width, 0);
  }
}
