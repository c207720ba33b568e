import { floats, multiplyAdd } from './simd';

/** Rows of S worked on at a time: 64 rows of 64 floats are 16 KiB, half of a first-level cache. */
export const PANEL_ROWS: i32 = 64;

/**
 * A += SᵀS on the upper triangle (and the rest of the diagonal tiles), for S of n rows and A of width columns.
 * A tile of 4 × 8 sums stays in registers over all n rows. `width` is a multiple of 8; rows of S and A are `width` floats.
 * n · width² / 2 multiply-adds.
 */
export function addRankUpdate(A: usize, S: usize, n: i32, width: i32): void {
  const row = floats(width);
  const end = <usize>n * row;
  for (let j = 0; j < width; j += 8) {
    for (let i = 0; i < j + 8; i += 4) {
      const t0 = A + <usize>i * row + floats(j);
      const t1 = t0 + row;
      const t2 = t1 + row;
      const t3 = t2 + row;
      let a0 = v128.load(t0), b0 = v128.load(t0, 16);
      let a1 = v128.load(t1), b1 = v128.load(t1, 16);
      let a2 = v128.load(t2), b2 = v128.load(t2, 16);
      let a3 = v128.load(t3), b3 = v128.load(t3, 16);
      let x = S + floats(i);
      let y = S + floats(j);
      const stop = x + end;
      while (x < stop) {
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
      v128.store(t0, a0);
      v128.store(t0, b0, 16);
      v128.store(t1, a1);
      v128.store(t1, b1, 16);
      v128.store(t2, a2);
      v128.store(t2, b2, 16);
      v128.store(t3, a3);
      v128.store(t3, b3, 16);
    }
  }
}

/** G = YᵀY over n rows of Y, upper triangle; G is overwritten. */
export function gram(G: usize, Y: usize, n: i32, width: i32): void {
  const row = floats(width);
  memory.fill(G, 0, row * <usize>width);
  for (let k = 0; k < n; k += PANEL_ROWS) addRankUpdate(G, Y + <usize>k * row, min(PANEL_ROWS, n - k), width);
}
