// Rows of a product of two sparse matrices, in double precision. Arrays of both as in `Csr`, i32 offsets and indices, f32
// values; sums are f64.
import { floats } from './simd';

/**
 * sums[j] += Σ_k left[row, k] · right[k, j], k = entries start … end − 1 of the left matrix; columns that were 0 before are
 * noted in `touched`. All values are positive. Returns how many columns were noted.
 */
export function multiplyRow(
  sums: usize, touched: usize, leftIndices: usize, leftValues: usize, start: i32, end: i32,
  offsets: usize, indices: usize, values: usize,
): i32 {
  let next = touched;
  for (let e = start; e < end; e++) {
    const k = load<u32>(leftIndices + floats(e));
    const weight = <f64>load<f32>(leftValues + floats(e));
    const row = offsets + (<usize>k << 2);
    const last = load<i32>(row, 4);
    for (let f = load<i32>(row); f < last; f++) {
      const j = load<u32>(indices + floats(f));
      const at = sums + (<usize>j << 3);
      const sum = load<f64>(at);
      if (sum === 0) {
        store<u32>(next, j);
        next += 4;
      }
      store<f64>(at, sum + weight * <f64>load<f32>(values + floats(f)));
    }
  }
  return <i32>((next - touched) >> 2);
}

/** As `multiplyRow`, without a note of what was touched: faster where most columns are. */
export function multiplyRowDense(
  sums: usize, leftIndices: usize, leftValues: usize, start: i32, end: i32,
  offsets: usize, indices: usize, values: usize,
): void {
  for (let e = start; e < end; e++) {
    const k = load<u32>(leftIndices + floats(e));
    const weight = <f64>load<f32>(leftValues + floats(e));
    const row = offsets + (<usize>k << 2);
    const last = load<i32>(row, 4);
    for (let f = load<i32>(row); f < last; f++) {
      const at = sums + (<usize>load<u32>(indices + floats(f)) << 3);
      store<f64>(at, load<f64>(at) + weight * <f64>load<f32>(values + floats(f)));
    }
  }
}
