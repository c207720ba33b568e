import { floats, multiplyAdd, multiplySubtract, sumOfLanes } from './simd';

/**
 * Overwrites the upper triangle of A (n × n, n a multiple of 8) with R, A = RᵀR. Four rows of R at a time, each from all the
 * rows above it at once, so that a cell is read and written once. n³ / 6 multiply-adds.
 * Returns false as soon as a pivot is not above 0 (A is then half overwritten).
 */
export function factorCholesky(A: usize, n: i32): bool {
  const row = floats(n);
  for (let k = 0; k < n; k += 4) {
    const panel = A + <usize>k * row;
    // From the start of the aligned group of eight: the few cells left of the diagonal that this touches are never read.
    for (let j = k & ~7; j < n; j += 8) subtractAbove(A, panel, k, j, row);
    if (!factorPanel(panel, k, n)) return false;
  }
  return true;
}

/** Four rows × eight columns of A from (k, j) on, less Σ RᵀR over the rows above; all sums in registers. */
@inline function subtractAbove(A: usize, panel: usize, k: i32, j: i32, row: usize): void {
  const t0 = panel + floats(j);
  const t1 = t0 + row;
  const t2 = t1 + row;
  const t3 = t2 + row;
  let a0 = v128.load(t0), b0 = v128.load(t0, 16);
  let a1 = v128.load(t1), b1 = v128.load(t1, 16);
  let a2 = v128.load(t2), b2 = v128.load(t2, 16);
  let a3 = v128.load(t3), b3 = v128.load(t3, 16);
  let x = A + floats(k);
  let y = A + floats(j);
  while (x < panel) {
    const y0 = v128.load(y);
    const y1 = v128.load(y, 16);
    let s = v128.load32_splat(x);
    a0 = multiplySubtract(s, y0, a0);
    b0 = multiplySubtract(s, y1, b0);
    s = v128.load32_splat(x, 4);
    a1 = multiplySubtract(s, y0, a1);
    b1 = multiplySubtract(s, y1, b1);
    s = v128.load32_splat(x, 8);
    a2 = multiplySubtract(s, y0, a2);
    b2 = multiplySubtract(s, y1, b2);
    s = v128.load32_splat(x, 12);
    a3 = multiplySubtract(s, y0, a3);
    b3 = multiplySubtract(s, y1, b3);
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

/** The four rows k … k + 3 of R, from column k (a multiple of 4) on: the 4 × 4 block at the diagonal, then all columns at once. */
function factorPanel(panel: usize, k: i32, n: i32): bool {
  const row = floats(n);
  const p0 = panel + floats(k), p1 = p0 + row, p2 = p1 + row, p3 = p2 + row;
  // Not `pivot <= 0`: a NaN must not pass either.
  let pivot = load<f32>(p0);
  if (!(pivot > 0)) return false;
  const d0: f32 = <f32>1 / sqrt<f32>(pivot);
  const r01 = load<f32>(p0, 4) * d0, r02 = load<f32>(p0, 8) * d0, r03 = load<f32>(p0, 12) * d0;
  pivot = load<f32>(p1, 4) - r01 * r01;
  if (!(pivot > 0)) return false;
  const d1: f32 = <f32>1 / sqrt<f32>(pivot);
  const r12 = (load<f32>(p1, 8) - r01 * r02) * d1, r13 = (load<f32>(p1, 12) - r01 * r03) * d1;
  pivot = load<f32>(p2, 8) - r02 * r02 - r12 * r12;
  if (!(pivot > 0)) return false;
  const d2: f32 = <f32>1 / sqrt<f32>(pivot);
  const r23 = (load<f32>(p2, 12) - r02 * r03 - r12 * r13) * d2;
  pivot = load<f32>(p3, 12) - r03 * r03 - r13 * r13 - r23 * r23;
  if (!(pivot > 0)) return false;
  const i0 = f32x4.splat(d0), i1 = f32x4.splat(d1), i2 = f32x4.splat(d2), i3 = f32x4.splat(<f32>1 / sqrt<f32>(pivot));
  const m01 = f32x4.splat(r01), m02 = f32x4.splat(r02), m03 = f32x4.splat(r03);
  const m12 = f32x4.splat(r12), m13 = f32x4.splat(r13), m23 = f32x4.splat(r23);
  for (let j: usize = 0, end = row - floats(k); j < end; j += 16) {
    const v0 = f32x4.mul(v128.load(p0 + j), i0);
    const v1 = f32x4.mul(multiplySubtract(m01, v0, v128.load(p1 + j)), i1);
    const v2 = f32x4.mul(multiplySubtract(m12, v1, multiplySubtract(m02, v0, v128.load(p2 + j))), i2);
    const v3 = multiplySubtract(m23, v2, multiplySubtract(m13, v1, multiplySubtract(m03, v0, v128.load(p3 + j))));
    v128.store(p0 + j, v0);
    v128.store(p1 + j, v1);
    v128.store(p2 + j, v2);
    v128.store(p3 + j, f32x4.mul(v3, i3));
  }
  return true;
}

/**
 * Overwrites b with x, RᵀR x = b, R as `factorCholesky` left it, n a multiple of 4. Four unknowns at a time: only their own
 * small triangle has to be solved one after the other. n² multiply-adds.
 */
export function solveCholesky(b: usize, R: usize, n: i32): void {
  const row = floats(n);
  for (let i: usize = 0, r = R; i < row; i += 16, r += 4 * row) {
    const p1 = r + row, p2 = p1 + row, p3 = p2 + row;
    const x0 = load<f32>(b + i) / load<f32>(r + i);
    const x1 = (load<f32>(b + i, 4) - load<f32>(r + i, 4) * x0) / load<f32>(p1 + i, 4);
    const x2 = (load<f32>(b + i, 8) - load<f32>(r + i, 8) * x0 - load<f32>(p1 + i, 8) * x1) / load<f32>(p2 + i, 8);
    const x3 =
      (load<f32>(b + i, 12) - load<f32>(r + i, 12) * x0 - load<f32>(p1 + i, 12) * x1 - load<f32>(p2 + i, 12) * x2) /
      load<f32>(p3 + i, 12);
    store<f32>(b + i, x0);
    store<f32>(b + i, x1, 4);
    store<f32>(b + i, x2, 8);
    store<f32>(b + i, x3, 12);
    const s0 = f32x4.splat(x0), s1 = f32x4.splat(x1), s2 = f32x4.splat(x2), s3 = f32x4.splat(x3);
    for (let j = i + 16; j < row; j += 16) {
      const v = multiplySubtract(s1, v128.load(p1 + j), multiplySubtract(s0, v128.load(r + j), v128.load(b + j)));
      v128.store(b + j, multiplySubtract(s3, v128.load(p3 + j), multiplySubtract(s2, v128.load(p2 + j), v)));
    }
  }
  for (let i = row - 16, r = R + row * <usize>(n - 4); ; i -= 16, r -= 4 * row) {
    const p1 = r + row, p2 = p1 + row, p3 = p2 + row;
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
    for (let j = i + 16; j < row; j += 16) {
      const x = v128.load(b + j);
      s0 = multiplyAdd(v128.load(r + j), x, s0);
      s1 = multiplyAdd(v128.load(p1 + j), x, s1);
      s2 = multiplyAdd(v128.load(p2 + j), x, s2);
      s3 = multiplyAdd(v128.load(p3 + j), x, s3);
    }
    const x3 = (load<f32>(b + i, 12) - sumOfLanes(s3)) / load<f32>(p3 + i, 12);
    const x2 = (load<f32>(b + i, 8) - sumOfLanes(s2) - load<f32>(p2 + i, 12) * x3) / load<f32>(p2 + i, 8);
    const x1 =
      (load<f32>(b + i, 4) - sumOfLanes(s1) - load<f32>(p1 + i, 8) * x2 - load<f32>(p1 + i, 12) * x3) / load<f32>(p1 + i, 4);
    const x0 =
      (load<f32>(b + i) - sumOfLanes(s0) - load<f32>(r + i, 4) * x1 - load<f32>(r + i, 8) * x2 - load<f32>(r + i, 12) * x3) /
      load<f32>(r + i);
    store<f32>(b + i, x0);
    store<f32>(b + i, x1, 4);
    store<f32>(b + i, x2, 8);
    store<f32>(b + i, x3, 12);
    if (i === 0) break;
  }
}
