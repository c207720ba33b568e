// The one loop that dense products come down to: four rows × eight columns of XᵀY, all sums in registers. Operands are packed
// panels: groups of eight columns one after the other, [c / 8][k][c mod 8], for up to PANEL_ROWS rows k.
import { floats, multiplyAdd } from './simd';

/** Rows of a panel: 64 rows of 64 columns are 16 KiB, a third of a first-level cache. */
export const PANEL_ROWS: i32 = 64;
/** Bytes of a row within its group. */
const STEP: usize = 32;
/** Bytes between groups. */
export const GROUP: usize = STEP * PANEL_ROWS;

/** Where element (k, c) of a panel lies. */
@inline export function packedAt(k: i32, c: i32): usize {
  return <usize>(c >> 3) * GROUP + ((<usize>k) << 5) + floats(c & 7);
}

/** Makes the number of rows even: a row of zeros adds nothing. Returns that number. */
@inline export function padPanel(S: usize, n: i32, width: i32): i32 {
  if (n & 1) {
    for (let c = 0; c < width; c += 8) {
      const at = S + packedAt(n, c);
      v128.store(at, f32x4.splat(0));
      v128.store(at, f32x4.splat(0), 16);
    }
  }
  return (n + 1) & ~1;
}

/** What becomes of the tile C: the sums alone, or B plus or less the sums (formed apart, which also loses less to rounding). */
export enum Into { Sum, Plus, Less }

/**
 * Rows i … i + 3 and columns j … j + 7 of XᵀY over n rows, n even, X = `packedAt(0, i)` and Y = `packedAt(0, j)` of their panels.
 * Rows of C and B are `stride` bytes.
 */
@inline export function multiplyTile(C: usize, B: usize, stride: usize, X: usize, Y: usize, n: i32, into: Into): void {
  let a0 = f32x4.splat(0), b0 = a0, a1 = a0, b1 = a0, a2 = a0, b2 = a0, a3 = a0, b3 = a0;
  let x = X;
  let y = Y;
  const stop = Y + (<usize>n << 5);
  // Two rows a turn, at constant offsets: a third of the loop's instructions would be its own otherwise.
  while (y < stop) {
    let y0 = v128.load(y), y1 = v128.load(y, 16);
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
    y0 = v128.load(y, STEP);
    y1 = v128.load(y, STEP + 16);
    s = v128.load32_splat(x, STEP);
    a0 = multiplyAdd(s, y0, a0);
    b0 = multiplyAdd(s, y1, b0);
    s = v128.load32_splat(x, STEP + 4);
    a1 = multiplyAdd(s, y0, a1);
    b1 = multiplyAdd(s, y1, b1);
    s = v128.load32_splat(x, STEP + 8);
    a2 = multiplyAdd(s, y0, a2);
    b2 = multiplyAdd(s, y1, b2);
    s = v128.load32_splat(x, STEP + 12);
    a3 = multiplyAdd(s, y0, a3);
    b3 = multiplyAdd(s, y1, b3);
    x += 2 * STEP;
    y += 2 * STEP;
  }
  putRow(C, B, a0, b0, into);
  putRow(C + stride, B + stride, a1, b1, into);
  putRow(C + 2 * stride, B + 2 * stride, a2, b2, into);
  putRow(C + 3 * stride, B + 3 * stride, a3, b3, into);
}

@inline function putRow(c: usize, b: usize, low: v128, high: v128, into: Into): void {
  if (into === Into.Plus) {
    v128.store(c, f32x4.add(v128.load(b), low));
    v128.store(c, f32x4.add(v128.load(b, 16), high), 16);
  } else if (into === Into.Less) {
    v128.store(c, f32x4.sub(v128.load(b), low));
    v128.store(c, f32x4.sub(v128.load(b, 16), high), 16);
  } else {
    v128.store(c, low);
    v128.store(c, high, 16);
  }
}
