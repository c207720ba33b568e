import { floats, multiplyAdd } from './simd';

/** Rows of S worked on at a time: 64 rows of 64 floats are 16 KiB, half of a first-level cache. */
export const PANEL_ROWS: i32 = 64;

/**
 * A = B + SᵀS on the upper triangle (and the rest of the diagonal's 4 × 4 tiles), for S of n rows and A, B of width columns;
 * B may be A. A tile of 4 × 8 sums stays in registers over all n rows. `width` is a multiple of 8; rows of all three are
 * `width` floats. n · width² / 2 multiply-adds.
 */
export function addRankUpdate(A: usize, B: usize, S: usize, n: i32, width: i32): void {
  const row = floats(width);
  const stop = S + <usize>n * row;
  for (let j = 0; j < width; j += 8) {
    for (let i = 0; i <= j; i += 4) {
      const at = <usize>i * row + floats(j);
      const b = B + at;
      let a0 = v128.load(b), b0 = v128.load(b, 16);
      let a1 = v128.load(b + row), b1 = v128.load(b + row, 16);
      let a2 = v128.load(b + 2 * row), b2 = v128.load(b + 2 * row, 16);
      let a3 = v128.load(b + 3 * row), b3 = v128.load(b + 3 * row, 16);
      let x = S + floats(i);
      let y = S + floats(j);
      while (y < stop) {
        const y0 = v128.load(y);
        const y1 = v128.load(y, 16);
        let s = v128.load32_splat(x);
        a0 = multiplyAdd(s, y0, a0);
        b0 = multiplyAdd(s, y1, b0);
        s = v128.load32_splat(x, 4);
        a1 = multiplyAdd(s, y0, a1);
        b1 = multiplyAdd(s, y1, b1);
        s = v128.load32_splat(x, 8);
        a2 = multiplyAdd(s, y0, a2);
        b2 = multiplyAdd(s, y1, b2);
        s = v128.load32_splat(x, 12);
        a3 = multiplyAdd(s, y0, a3);
        b3 = multiplyAdd(s, y1, b3);
        x += row;
        y += row;
      }
      const t = A + at;
      v128.store(t, a0);
      v128.store(t, b0, 16);
      v128.store(t + row, a1);
      v128.store(t + row, b1, 16);
      v128.store(t + 2 * row, a2);
      v128.store(t + 2 * row, b2, 16);
      v128.store(t + 3 * row, a3);
      v128.store(t + 3 * row, b3, 16);
    }
    addDiagonalTile(A, B, S, stop, j + 4, row);
  }
}

/** The 4 × 4 tile at (i, i), which no 4 × 8 tile covers. */
@inline function addDiagonalTile(A: usize, B: usize, S: usize, stop: usize, i: i32, row: usize): void {
  const at = <usize>i * row + floats(i);
  const b = B + at;
  let a0 = v128.load(b), a1 = v128.load(b + row), a2 = v128.load(b + 2 * row), a3 = v128.load(b + 3 * row);
  for (let x = S + floats(i); x < stop; x += row) {
    const y = v128.load(x);
    a0 = multiplyAdd(v128.load32_splat(x), y, a0);
    a1 = multiplyAdd(v128.load32_splat(x, 4), y, a1);
    a2 = multiplyAdd(v128.load32_splat(x, 8), y, a2);
    a3 = multiplyAdd(v128.load32_splat(x, 12), y, a3);
  }
  const t = A + at;
  v128.store(t, a0);
  v128.store(t + row, a1);
  v128.store(t + 2 * row, a2);
  v128.store(t + 3 * row, a3);
}

/** G = YᵀY over n rows of Y, upper triangle; G is overwritten. */
export function gram(G: usize, Y: usize, n: i32, width: i32): void {
  const row = floats(width);
  memory.fill(G, 0, row * <usize>width);
  for (let k = 0; k < n; k += PANEL_ROWS) addRankUpdate(G, G, Y + <usize>k * row, min(PANEL_ROWS, n - k), width);
}
