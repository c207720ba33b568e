// The least-squares problems of implicit ALS, many rows a call. Legend as in `ials-kernels.ts`: x the row's vector, y those
// of the fixed side, w the weights of its observed pairs, G = α₀ YᵀY (full square), ridge = λ (|S| + α₀ n)^ν.
import { factorCholesky, solveCholesky } from './cholesky';
import { addRankUpdate } from './rank-update';
import { addScaled, dot, floats, multiplyAdd } from './simd';
import { GROUP, packedAt, PANEL_ROWS } from './tile';

/** Eight columns at `to` = scale · those at `from`, and sum += weight · those at `from`. */
@inline function gatherEight(to: usize, sum: usize, from: usize, scale: v128, weight: v128): void {
  const low = v128.load(from), high = v128.load(from, 16);
  v128.store(to, f32x4.mul(low, scale));
  v128.store(to, f32x4.mul(high, scale), 16);
  v128.store(sum, multiplyAdd(weight, low, v128.load(sum)));
  v128.store(sum, multiplyAdd(weight, high, v128.load(sum, 16)), 16);
}

/** Row k of the panel = scale · from, and sum += weight · from, over `bytes` bytes. */
@inline function gatherRow(panel: usize, k: i32, sum: usize, from: usize, scale: f32, weight: f32, bytes: usize): void {
  const s = f32x4.splat(scale);
  const w = f32x4.splat(weight);
  let to = panel + packedAt(k, 0);
  for (let at: usize = 0; at < bytes; at += 32, to += GROUP) gatherEight(to, sum + at, from + at, s, w);
}

/** Four columns of four rows, each times √w into the panel; the sum of √w times these, which is Σ w y. */
@inline function gatherFour(to: usize, y0: usize, y1: usize, y2: usize, y3: usize, s0: v128, s1: v128, s2: v128, s3: v128): v128 {
  const a = f32x4.mul(s0, v128.load(y0)), b = f32x4.mul(s1, v128.load(y1));
  const c = f32x4.mul(s2, v128.load(y2)), d = f32x4.mul(s3, v128.load(y3));
  v128.store(to, a);
  v128.store(to, b, 32);
  v128.store(to, c, 64);
  v128.store(to, d, 96);
  const low = multiplyAdd(s0, a, f32x4.mul(s1, b)), high = multiplyAdd(s2, c, f32x4.mul(s3, d));
  return f32x4.add(low, high);
}

/** The panel S = the n rows of Y that the indices name, each times √w, and sum += Σ w y; four rows share the loads of the sum. */
function gatherRows(S: usize, sum: usize, Y: usize, indices: usize, weights: usize, n: i32, row: usize): void {
  let k = 0;
  for (; k + 4 <= n; k += 4) {
    const from = indices + floats(k);
    const y0 = Y + <usize>load<u32>(from) * row, y1 = Y + <usize>load<u32>(from, 4) * row;
    const y2 = Y + <usize>load<u32>(from, 8) * row, y3 = Y + <usize>load<u32>(from, 12) * row;
    const roots = f32x4.sqrt(v128.load(weights + floats(k)));
    const s0 = i32x4.shuffle(roots, roots, 0, 0, 0, 0), s1 = i32x4.shuffle(roots, roots, 1, 1, 1, 1);
    const s2 = i32x4.shuffle(roots, roots, 2, 2, 2, 2), s3 = i32x4.shuffle(roots, roots, 3, 3, 3, 3);
    let to = S + packedAt(k, 0);
    for (let j: usize = 0; j < row; j += 32, to += GROUP) {
      const low = gatherFour(to, y0 + j, y1 + j, y2 + j, y3 + j, s0, s1, s2, s3);
      const h = j + 16;
      const high = gatherFour(to + 16, y0 + h, y1 + h, y2 + h, y3 + h, s0, s1, s2, s3);
      v128.store(sum + j, f32x4.add(v128.load(sum + j), low));
      v128.store(sum + h, f32x4.add(v128.load(sum + h), high));
    }
  }
  for (; k < n; k++) {
    const w = load<f32>(weights + floats(k));
    gatherRow(S, k, sum, Y + <usize>load<u32>(indices + floats(k)) * row, sqrt<f32>(w), w, row);
  }
}

@inline function addToDiagonal(A: usize, width: i32, ridge: f32): void {
  const step = floats(width) + 4;
  for (let i = 0, at = A; i < width; i++, at += step) store<f32>(at, load<f32>(at) + ridge);
}

/**
 * Rows start … end − 1 of X, each the exact minimiser: (G + Σ w y yᵀ + ridge I) x = Σ w y. A row without pairs becomes 0.
 * Scratch: (width + PANEL_ROWS) · width floats. Returns the first row whose system is not positive definite, or −1.
 */
export function solveRows(
  X: usize, Y: usize, G: usize, offsets: usize, indices: usize, weights: usize, ridges: usize,
  width: i32, start: i32, end: i32, scratch: usize,
): i32 {
  const row = floats(width);
  const A = scratch;
  const S = scratch + row * <usize>width;
  for (let u = start; u < end; u++) {
    const x = X + <usize>u * row;
    const from = load<i32>(offsets + floats(u));
    const to = load<i32>(offsets + floats(u), 4);
    memory.fill(x, 0, row);
    if (from === to) continue;
    let base = G;
    for (let e = from; e < to; e += PANEL_ROWS) {
      const n = min(PANEL_ROWS, to - e);
      gatherRows(S, x, Y, indices + floats(e), weights + floats(e), n, row);
      addRankUpdate(A, base, S, n, width);
      base = A;
    }
    addToDiagonal(A, width, load<f32>(ridges + floats(u)));
    if (!factorCholesky(A, width)) return u;
    solveCholesky(x, A, width);
  }
  return -1;
}

/**
 * One pass of block coordinate descent (iALS++) over rows start … end − 1 of X: for each block of at most `block` factors,
 * a Newton step on these alone, the others held. `block` and width are multiples of 8.
 * Scratch: floats for block² + (PANEL_ROWS + 1) · block + pairs of the longest row · (width + 1), each part rounded to 4.
 */
export function solveRowsByBlocks(
  X: usize, Y: usize, G: usize, offsets: usize, indices: usize, weights: usize, ridges: usize,
  width: i32, start: i32, end: i32, block: i32, longest: i32, scratch: usize,
): i32 {
  const row = floats(width);
  const H = scratch;
  const step = H + floats(block * block);
  const panel = step + floats(block);
  const residuals = panel + floats(PANEL_ROWS * block);
  const S = residuals + floats((longest + 3) & ~3);
  for (let u = start; u < end; u++) {
    const x = X + <usize>u * row;
    const from = load<i32>(offsets + floats(u));
    const n = load<i32>(offsets + floats(u), 4) - from;
    if (n === 0) {
      memory.fill(x, 0, row);
      continue;
    }
    const w = weights + floats(from);
    // The row's fixed vectors side by side, and e_k = w_k (x·y_k − 1), kept up to date block by block.
    for (let k = 0; k < n; k++) {
      const packed = S + <usize>k * row;
      memory.copy(packed, Y + <usize>load<u32>(indices + floats(from + k)) * row, row);
      store<f32>(residuals + floats(k), load<f32>(w + floats(k)) * (dot(x, packed, row) - <f32>1));
    }
    const ridge = load<f32>(ridges + floats(u));
    for (let b = 0; b < width; b += block) {
      const size = min(block, width - b);
      if (!stepBlock(x, G, S, w, residuals, n, width, b, size, ridge, H, step, panel)) return u;
    }
  }
  return -1;
}

/** x[b …] −= H⁻¹ g, with g the gradient and H the Hessian of half the loss in these factors; then the residuals follow. */
function stepBlock(
  x: usize, G: usize, S: usize, w: usize, residuals: usize, n: i32,
  width: i32, b: i32, size: i32, ridge: f32, H: usize, step: usize, panel: usize,
): bool {
  const row = floats(width);
  const bytes = floats(size);
  const at = floats(b);
  gradientOfUnobserved(step, x, G, width, b, size, ridge);
  for (let i = 0; i < size; i++) memory.copy(H + <usize>i * bytes, G + <usize>(b + i) * row + at, bytes);
  for (let k = 0; k < n; k += PANEL_ROWS) {
    const rows = min(PANEL_ROWS, n - k);
    for (let q = 0; q < rows; q++) {
      const y = S + <usize>(k + q) * row + at;
      const scale = sqrt<f32>(load<f32>(w + floats(k + q)));
      gatherRow(panel, q, step, y, scale, load<f32>(residuals + floats(k + q)), bytes);
    }
    addRankUpdate(H, H, panel, rows, size);
  }
  addToDiagonal(H, size, ridge);
  if (!factorCholesky(H, size)) return false;
  solveCholesky(step, H, size);
  addScaled(x + at, step, -1, bytes);
  if (b + size < width) {
    for (let k = 0; k < n; k++) {
      const e = residuals + floats(k);
      store<f32>(e, load<f32>(e) - load<f32>(w + floats(k)) * dot(S + <usize>k * row + at, step, bytes));
    }
  }
  return true;
}

/** g = (G x)[b …] + ridge · x[b …]; G is symmetric and stored in full, so its rows serve as columns. */
function gradientOfUnobserved(g: usize, x: usize, G: usize, width: i32, b: i32, size: i32, ridge: f32): void {
  const row = floats(width);
  const r = f32x4.splat(ridge);
  for (let j = floats(b); j < floats(b + size); j += 16) {
    let sum = f32x4.mul(r, v128.load(x + j));
    let from = G + j;
    for (let i: usize = 0; i < row; i += 4, from += row) {
      sum = multiplyAdd(v128.load32_splat(x + i), v128.load(from), sum);
    }
    v128.store(g + j - floats(b), sum);
  }
}
