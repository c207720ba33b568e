import { floats, multiplyAdd } from './simd';
import { GROUP, Into, multiplyTile, packedAt, padPanel, PANEL_ROWS } from './tile';

/**
 * A = B + SᵀS on the upper triangle (and the rest of the diagonal's 4 × 4 tiles), for a panel S of n rows and A, B of width
 * columns; B may be A, and S has room for an even number of rows. `width` is a multiple of 8; rows of A and B are `width` floats. n · width² / 2 multiply-adds.
 */
export function addRankUpdate(A: usize, B: usize, S: usize, n: i32, width: i32): void {
  const row = floats(width);
  n = padPanel(S, n, width);
  for (let j = 0; j < width; j += 8) {
    const y = S + packedAt(0, j);
    for (let i = 0; i <= j; i += 4) {
      const at = <usize>i * row + floats(j);
      multiplyTile(A + at, B + at, row, S + packedAt(0, i), y, n, Into.Plus);
    }
    const at = <usize>(j + 4) * (row + 4);
    addDiagonalTile(A + at, B + at, row, y + 16, n);
  }
}

/** A 4 × 4 tile on the diagonal, which no tile of eight columns covers. */
@inline function addDiagonalTile(A: usize, B: usize, row: usize, x: usize, n: i32): void {
  let a0 = f32x4.splat(0), a1 = a0, a2 = a0, a3 = a0;
  for (const stop = x + (<usize>n << 5); x < stop; x += 32) {
    const y = v128.load(x);
    a0 = multiplyAdd(v128.load32_splat(x), y, a0);
    a1 = multiplyAdd(v128.load32_splat(x, 4), y, a1);
    a2 = multiplyAdd(v128.load32_splat(x, 8), y, a2);
    a3 = multiplyAdd(v128.load32_splat(x, 12), y, a3);
  }
  v128.store(A, f32x4.add(v128.load(B), a0));
  v128.store(A + row, f32x4.add(v128.load(B + row), a1));
  v128.store(A + 2 * row, f32x4.add(v128.load(B + 2 * row), a2));
  v128.store(A + 3 * row, f32x4.add(v128.load(B + 3 * row), a3));
}

/** G = YᵀY over n rows of Y, upper triangle; G is overwritten. Scratch: PANEL_ROWS · width floats. */
export function gram(G: usize, Y: usize, n: i32, width: i32, scratch: usize): void {
  const row = floats(width);
  memory.fill(G, 0, row * <usize>width);
  for (let from = 0; from < n; from += PANEL_ROWS) {
    const rows = min(PANEL_ROWS, n - from);
    for (let k = 0; k < rows; k++) {
      let at = Y + <usize>(from + k) * row;
      let to = scratch + packedAt(k, 0);
      for (let c = 0; c < width; c += 8, at += 32, to += GROUP) {
        v128.store(to, v128.load(at));
        v128.store(to, v128.load(at, 16), 16);
      }
    }
    addRankUpdate(G, G, scratch, rows, width);
  }
}
