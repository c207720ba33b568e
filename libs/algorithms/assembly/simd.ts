// Single-precision vectors of four lanes. `@inline` needs a decorator, which plain TypeScript does not allow on functions.

/** a · b + c. Strict: two roundings, the same bits on every machine; relaxed: one or two, as the machine likes best. */
@inline export function multiplyAdd(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_madd(a, b, c);
  return f32x4.add(f32x4.mul(a, b), c);
}

/** c − a · b. */
@inline export function multiplySubtract(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return f32x4.relaxed_nmadd(a, b, c);
  return f32x4.sub(c, f32x4.mul(a, b));
}

/** Sum of the lanes, in a fixed order. */
@inline export function sumOfLanes(v: v128): f32 {
  const low = f32x4.extract_lane(v, 0) + f32x4.extract_lane(v, 2);
  return low + (f32x4.extract_lane(v, 1) + f32x4.extract_lane(v, 3));
}

/** Bytes of n floats. */
@inline export function floats(n: i32): usize {
  return (<usize>n) << 2;
}

/** y += a · x over `bytes` bytes, a multiple of 16. */
@inline export function addScaled(y: usize, x: usize, a: f32, bytes: usize): void {
  const scale = f32x4.splat(a);
  for (let at: usize = 0; at < bytes; at += 16) {
    v128.store(y + at, multiplyAdd(scale, v128.load(x + at), v128.load(y + at)));
  }
}

/** x · y over `bytes` bytes, a multiple of 16. */
@inline export function dot(x: usize, y: usize, bytes: usize): f32 {
  let sum = f32x4.splat(0);
  for (let at: usize = 0; at < bytes; at += 16) sum = multiplyAdd(v128.load(x + at), v128.load(y + at), sum);
  return sumOfLanes(sum);
}
