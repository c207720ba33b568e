import { addScaled, dot, floats, multiplySubtract } from './simd';

/**
 * Overwrites the upper triangle of A (n × n, n a multiple of 8) with R, A = RᵀR. Four rows of R at a time, so that each
 * row below is read and written once for four updates. n³ / 6 multiply-adds.
 * Returns false as soon as a pivot is not above 0 (A is then half overwritten).
 */
export function factorCholesky(A: usize, n: i32): bool {
  const row = floats(n);
  for (let k = 0; k < n; k += 4) {
    const panel = A + <usize>k * row;
    if (!factorPanel(panel, k, n)) return false;
    subtractPanel(A, panel, k, n);
  }
  return true;
}

/** The four rows k … k + 3 of R, from column k (a multiple of 4) on. */
function factorPanel(panel: usize, k: i32, n: i32): bool {
  const row = floats(n);
  for (let p = 0; p < 4; p++) {
    const source = panel + <usize>p * row;
    const pivot = load<f32>(source + floats(k + p));
    if (!(pivot > 0)) return false;
    const inverse = f32x4.splat(<f32>1 / sqrt<f32>(pivot));
    for (let j = floats(k); j < row; j += 16) v128.store(source + j, f32x4.mul(v128.load(source + j), inverse));
    for (let q = p + 1; q < 4; q++) {
      const target = panel + <usize>q * row;
      const m = v128.load32_splat(source + floats(k + q));
      for (let j = floats(k); j < row; j += 16) {
        v128.store(target + j, multiplySubtract(m, v128.load(source + j), v128.load(target + j)));
      }
    }
  }
  return true;
}

/** A −= PᵀP for the panel's four rows P, on the rows below it, two at a time. */
function subtractPanel(A: usize, panel: usize, k: i32, n: i32): void {
  const row = floats(n);
  const r1 = panel + row;
  const r2 = r1 + row;
  const r3 = r2 + row;
  for (let i = k + 4; i < n; i += 2) {
    const low = A + <usize>i * row;
    const high = low + row;
    const at = floats(i);
    const m00 = v128.load32_splat(panel + at), m01 = v128.load32_splat(panel + at, 4);
    const m10 = v128.load32_splat(r1 + at), m11 = v128.load32_splat(r1 + at, 4);
    const m20 = v128.load32_splat(r2 + at), m21 = v128.load32_splat(r2 + at, 4);
    const m30 = v128.load32_splat(r3 + at), m31 = v128.load32_splat(r3 + at, 4);
    // From the start of the aligned group of four: the few cells left of the diagonal that this touches are never read.
    for (let j = floats(i & ~3); j < row; j += 16) {
      let x = v128.load(panel + j);
      let a = multiplySubtract(m00, x, v128.load(low + j));
      let b = multiplySubtract(m01, x, v128.load(high + j));
      x = v128.load(r1 + j);
      a = multiplySubtract(m10, x, a);
      b = multiplySubtract(m11, x, b);
      x = v128.load(r2 + j);
      a = multiplySubtract(m20, x, a);
      b = multiplySubtract(m21, x, b);
      x = v128.load(r3 + j);
      a = multiplySubtract(m30, x, a);
      b = multiplySubtract(m31, x, b);
      v128.store(low + j, a);
      v128.store(high + j, b);
    }
  }
}

/** Overwrites b with x, RᵀR x = b, R as `factorCholesky` left it. n² multiply-adds. */
export function solveCholesky(b: usize, R: usize, n: i32): void {
  const row = floats(n);
  let r = R;
  for (let i: usize = 0; i < row; i += 4, r += row) {
    const x = load<f32>(b + i) / load<f32>(r + i);
    store<f32>(b + i, x);
    let j = i + 4;
    for (; (j & 15) !== 0; j += 4) store<f32>(b + j, load<f32>(b + j) - x * load<f32>(r + j));
    addScaled(b + j, r + j, -x, row - j);
  }
  r = R + row * <usize>(n - 1);
  for (let i = row - 4; ; i -= 4, r -= row) {
    let sum = load<f32>(b + i);
    let j = i + 4;
    for (; (j & 15) !== 0; j += 4) sum -= load<f32>(r + j) * load<f32>(b + j);
    store<f32>(b + i, (sum - dot(r + j, b + j, row - j)) / load<f32>(r + i));
    if (i === 0) break;
  }
}
