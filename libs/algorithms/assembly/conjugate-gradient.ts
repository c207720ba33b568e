// A few steps of conjugate gradients on the normal equations of implicit ALS, from where the last sweep left the row.
import { addScaled, dot, floats, multiplyAdd, sumOfLanes } from './simd';

/** out = G p + ridge · p, for the full square G. Its rows serve as columns; two chains of sums hide the latency. */
export function multiplySymmetric(out: usize, G: usize, p: usize, width: i32, ridge: f32): void {
  const row = floats(width);
  const r = f32x4.splat(ridge);
  for (let j: usize = 0; j < row; j += 32) {
    let a0 = f32x4.mul(r, v128.load(p + j)), a1 = f32x4.mul(r, v128.load(p + j, 16));
    let b0 = f32x4.splat(0), b1 = b0;
    let from = G + j;
    for (let i: usize = 0; i < row; i += 8, from += 2 * row) {
      const s = v128.load32_splat(p + i), t = v128.load32_splat(p + i, 4);
      const next = from + row;
      a0 = multiplyAdd(s, v128.load(from), a0);
      a1 = multiplyAdd(s, v128.load(from, 16), a1);
      b0 = multiplyAdd(t, v128.load(next), b0);
      b1 = multiplyAdd(t, v128.load(next, 16), b1);
    }
    v128.store(out + j, f32x4.add(a0, b0));
    v128.store(out + j, f32x4.add(a1, b1), 16);
  }
}

/** out += Σ_k w_k (y_k · p) y_k for the n packed rows y of S; four rows share the loads of p and out. */
function addObserved(out: usize, S: usize, w: usize, n: i32, p: usize, row: usize): void {
  let k = 0;
  for (; k + 4 <= n; k += 4) {
    const y0 = S + <usize>k * row, y1 = y0 + row, y2 = y1 + row, y3 = y2 + row;
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
    for (let j: usize = 0; j < row; j += 16) {
      const v = v128.load(p + j);
      s0 = multiplyAdd(v128.load(y0 + j), v, s0);
      s1 = multiplyAdd(v128.load(y1 + j), v, s1);
      s2 = multiplyAdd(v128.load(y2 + j), v, s2);
      s3 = multiplyAdd(v128.load(y3 + j), v, s3);
    }
    const weights = w + floats(k);
    const t0 = f32x4.splat(load<f32>(weights) * sumOfLanes(s0)), t1 = f32x4.splat(load<f32>(weights, 4) * sumOfLanes(s1));
    const t2 = f32x4.splat(load<f32>(weights, 8) * sumOfLanes(s2)), t3 = f32x4.splat(load<f32>(weights, 12) * sumOfLanes(s3));
    for (let j: usize = 0; j < row; j += 16) {
      let v = multiplyAdd(t0, v128.load(y0 + j), v128.load(out + j));
      v = multiplyAdd(t1, v128.load(y1 + j), v);
      v = multiplyAdd(t2, v128.load(y2 + j), v);
      v128.store(out + j, multiplyAdd(t3, v128.load(y3 + j), v));
    }
  }
  for (; k < n; k++) {
    const y = S + <usize>k * row;
    addScaled(out, y, load<f32>(w + floats(k)) * dot(y, p, row), row);
  }
}

/** Packs n rows of Y into S and adds Σ_k w_k (1 − y_k · x) y_k to r, in one pass over each four rows. */
function gatherResidual(
  S: usize, r: usize, Y: usize, indices: usize, w: usize, n: i32, x: usize, row: usize,
): void {
  let k = 0;
  for (; k + 4 <= n; k += 4) {
    const from = indices + floats(k);
    const y0 = Y + <usize>load<u32>(from) * row, y1 = Y + <usize>load<u32>(from, 4) * row;
    const y2 = Y + <usize>load<u32>(from, 8) * row, y3 = Y + <usize>load<u32>(from, 12) * row;
    const to = S + <usize>k * row, to1 = to + row, to2 = to1 + row, to3 = to2 + row;
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
    for (let j: usize = 0; j < row; j += 16) {
      const v = v128.load(x + j);
      const a = v128.load(y0 + j), b = v128.load(y1 + j), c = v128.load(y2 + j), d = v128.load(y3 + j);
      v128.store(to + j, a);
      v128.store(to1 + j, b);
      v128.store(to2 + j, c);
      v128.store(to3 + j, d);
      s0 = multiplyAdd(a, v, s0);
      s1 = multiplyAdd(b, v, s1);
      s2 = multiplyAdd(c, v, s2);
      s3 = multiplyAdd(d, v, s3);
    }
    const weights = w + floats(k);
    const t0 = f32x4.splat(load<f32>(weights) * (<f32>1 - sumOfLanes(s0)));
    const t1 = f32x4.splat(load<f32>(weights, 4) * (<f32>1 - sumOfLanes(s1)));
    const t2 = f32x4.splat(load<f32>(weights, 8) * (<f32>1 - sumOfLanes(s2)));
    const t3 = f32x4.splat(load<f32>(weights, 12) * (<f32>1 - sumOfLanes(s3)));
    for (let j: usize = 0; j < row; j += 16) {
      let v = multiplyAdd(t0, v128.load(to + j), v128.load(r + j));
      v = multiplyAdd(t1, v128.load(to1 + j), v);
      v = multiplyAdd(t2, v128.load(to2 + j), v);
      v128.store(r + j, multiplyAdd(t3, v128.load(to3 + j), v));
    }
  }
  for (; k < n; k++) {
    const y = S + <usize>k * row;
    memory.copy(y, Y + <usize>load<u32>(indices + floats(k)) * row, row);
    addScaled(r, y, load<f32>(w + floats(k)) * (<f32>1 - dot(y, x, row)), row);
  }
}

/** y = x + a · y over `bytes` bytes. */
@inline function scaleAndAdd(y: usize, a: f32, x: usize, bytes: usize): void {
  const scale = f32x4.splat(a);
  for (let at: usize = 0; at < bytes; at += 16) {
    v128.store(y + at, multiplyAdd(scale, v128.load(y + at), v128.load(x + at)));
  }
}

/**
 * `steps` steps towards the solution of (G + Σ w y yᵀ + ridge I) x = Σ w y for rows start … end − 1 of X, each from its x.
 * Scratch: 3 · width floats + pairs of the longest row · width. Never fails: a step that cannot be taken is the last.
 */
export function stepRows(
  X: usize, Y: usize, G: usize, offsets: usize, indices: usize, weights: usize, ridges: usize,
  width: i32, start: i32, end: i32, steps: i32, scratch: usize,
): void {
  const row = floats(width);
  const p = scratch;
  const r = p + row;
  const Ap = r + row;
  const S = Ap + row;
  for (let u = start; u < end; u++) {
    const x = X + <usize>u * row;
    const from = load<i32>(offsets + floats(u));
    const n = load<i32>(offsets + floats(u), 4) - from;
    if (n === 0) {
      memory.fill(x, 0, row);
      continue;
    }
    const w = weights + floats(from);
    const ridge = load<f32>(ridges + floats(u));
    multiplySymmetric(Ap, G, x, width, ridge);
    memory.fill(r, 0, row);
    addScaled(r, Ap, -1, row);
    gatherResidual(S, r, Y, indices + floats(from), w, n, x, row);
    memory.copy(p, r, row);
    let norm = dot(r, r, row);
    for (let step = 0; step < steps && norm > 1e-20; step++) {
      multiplySymmetric(Ap, G, p, width, ridge);
      addObserved(Ap, S, w, n, p, row);
      const curvature = dot(p, Ap, row);
      if (!(curvature > 0)) break;
      const length = norm / curvature;
      addScaled(x, p, length, row);
      addScaled(r, Ap, -length, row);
      const next = dot(r, r, row);
      scaleAndAdd(p, next / norm, r, row);
      norm = next;
    }
  }
}
