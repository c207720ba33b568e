import { dot, floats, multiplyAdd } from './simd';

/** out = Y x for n rows of Y: one customer's scores of all products. Four rows at a time share the loads of x. */
export function scoreRows(out: usize, Y: usize, x: usize, n: i32, width: i32): void {
  const row = floats(width);
  let p = 0;
  let y = Y;
  for (; p + 4 <= n; p += 4, y += 4 * row) {
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
    for (let at: usize = 0; at < row; at += 16) {
      const v = v128.load(x + at);
      const from = y + at;
      s0 = multiplyAdd(v128.load(from), v, s0);
      s1 = multiplyAdd(v128.load(from + row), v, s1);
      s2 = multiplyAdd(v128.load(from + 2 * row), v, s2);
      s3 = multiplyAdd(v128.load(from + 3 * row), v, s3);
    }
    v128.store(out + floats(p), sumsOfLanes(s0, s1, s2, s3));
  }
  for (; p < n; p++, y += row) store<f32>(out + floats(p), dot(y, x, row));
}

/** Lane i is the sum of the lanes of the i-th vector, added in the order that `sumOfLanes` adds them. */
@inline function sumsOfLanes(a: v128, b: v128, c: v128, d: v128): v128 {
  // Lanes 0 + 2 and 1 + 3 of each, side by side: (a02, a13, b02, b13) and the same of c, d.
  const ab = f32x4.add(i32x4.shuffle(a, b, 0, 1, 4, 5), i32x4.shuffle(a, b, 2, 3, 6, 7));
  const cd = f32x4.add(i32x4.shuffle(c, d, 0, 1, 4, 5), i32x4.shuffle(c, d, 2, 3, 6, 7));
  return f32x4.add(i32x4.shuffle(ab, cd, 0, 2, 4, 6), i32x4.shuffle(ab, cd, 1, 3, 5, 7));
}
