// The least-squares problem of one product on a few others, out of a Gram matrix of which each product's row is stored
// sparse. Legend: C the chosen products, G_CC the part of the Gram matrix among them.
import { factorCholesky, solveCholesky } from './cholesky';
import { floats } from './simd';

/**
 * A (width × width) = G_CC with `diagonals` in place of its diagonal, and beyond `count` the identity. `positions` has a cell
 * for every product, all 0, and is left so. Row p of the Gram matrix is lengths[p] entries of indices and values from
 * p · capacity on; an entry that only one of a pair's two rows holds counts in both.
 */
export function gatherGram(
  A: usize, width: i32, chosen: usize, count: i32, positions: usize, diagonals: usize,
  lengths: usize, indices: usize, values: usize, capacity: i32,
): void {
  memory.fill(A, 0, floats(width) * <usize>width);
  for (let i = 0; i < count; i++) store<i32>(cellOf(positions, chosen, i), i + 1);
  for (let i = 0; i < count; i++) {
    const p = <usize>load<u32>(chosen + floats(i));
    const row = A + floats(i * width) - 4;
    let at = (p * <usize>capacity) << 2;
    const stop = at + (<usize>load<u32>(lengths + (p << 2)) << 2);
    for (; at < stop; at += 4) {
      const position = load<i32>(positions + (<usize>load<u32>(indices + at) << 2));
      if (position === 0) continue;
      const value = load<f32>(values + at);
      store<f32>(row + floats(position), value);
      store<f32>(A + floats((position - 1) * width + i), value);
    }
  }
  for (let i = 0; i < width; i++) {
    store<f32>(A + floats(i * width + i), i < count ? load<f32>(cellOf(diagonals, chosen, i)) : <f32>1);
    if (i < count) store<i32>(cellOf(positions, chosen, i), 0);
  }
}

/** The cell of an array that belongs to the i-th chosen product. */
@inline function cellOf(array: usize, chosen: usize, i: i32): usize {
  return array + (<usize>load<u32>(chosen + floats(i)) << 2);
}

/**
 * Overwrites b with x, A x = b, for an A as `gatherGram` leaves it, with `shift` added to its diagonal. `width` is a multiple
 * of 8; b has `width` cells, zeros beyond the chosen ones. Returns false if A is not positive definite; b is as it was then.
 */
export function solveShifted(b: usize, A: usize, width: i32, shift: f32): bool {
  for (let i = 0; i < width; i++) {
    const at = A + floats(i * width + i);
    store<f32>(at, load<f32>(at) + shift);
  }
  if (!factorCholesky(A, width)) return false;
  solveCholesky(b, A, width);
  return true;
}
