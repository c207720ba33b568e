// Scores of customers' vectors against all products' vectors and the k best of each, without ever storing a score.
import { floats, multiplyAdd } from './simd';

/** Customers scored together: their packed vectors stay in the second-level cache while the products stream by. */
const CUSTOMERS: i32 = 64;

/** Products side by side in groups of eight: to[group][f][8] = from[order[8 · group + …]][f], zeros after the last one. */
export function packProducts(to: usize, from: usize, order: usize, n: i32, width: i32): void {
  for (let p = 0; p < n; p += 8) {
    for (let q = 0; q < 8; q++) {
      const at = to + floats(p * width + q);
      const row = p + q < n ? from + floats(load<i32>(order + floats(p + q)) * width) : 0;
      for (let f = 0; f < width; f++) store<f32>(at + floats(8 * f), row === 0 ? 0 : load<f32>(row + floats(f)));
    }
  }
}

/** Whether the ascending i32 at low … high − 4 contain the value. */
function contains(low: usize, high: usize, value: i32): bool {
  while (low < high) {
    const middle = low + (((high - low) >> 3) << 2);
    const found = load<i32>(middle);
    if (found === value) return true;
    if (found < value) low = middle + 4;
    else high = middle;
  }
  return false;
}

/** Whether a pair goes before the kept one: by the higher score, of equals by the lower index. */
@inline function isBefore(score: f32, product: i32, scores: usize, products: usize, at: i32): bool {
  const kept = load<f32>(scores + floats(at));
  return score > kept || (score === kept && product < load<i32>(products + floats(at)));
}

/** Puts the pair before all worse ones; the worst falls off. */
function insert(scores: usize, products: usize, k: i32, score: f32, product: i32): void {
  let at = k - 1;
  for (; at > 0 && isBefore(score, product, scores, products, at - 1); at--) {
    store<f32>(scores + floats(at), load<f32>(scores + floats(at - 1)));
    store<i32>(products + floats(at), load<i32>(products + floats(at - 1)));
  }
  store<f32>(scores + floats(at), score);
  store<i32>(products + floats(at), product);
}

/** Offers the lanes of `v` that are not below the customer's worst kept score; lane l is the product order[first + l]. */
function offer(
  v: v128, first: i32, n: i32, order: usize, customer: i32, k: i32,
  allowed: usize, offsets: usize, seen: usize, scores: usize, products: usize,
): void {
  const cell = <usize>customer * <usize>k << 2;
  const worst = scores + cell + floats(k - 1);
  let lanes = i32x4.bitmask(f32x4.ge(v, v128.load32_splat(worst)));
  while (lanes) {
    const lane = ctz(lanes);
    lanes &= lanes - 1;
    if (first + lane >= n) continue;
    const product = load<i32>(order + floats(first + lane));
    if (load<u8>(allowed + <usize>product) === 0) continue;
    let score = f32x4.extract_lane(v, 0);
    if (lane === 1) score = f32x4.extract_lane(v, 1);
    else if (lane === 2) score = f32x4.extract_lane(v, 2);
    else if (lane === 3) score = f32x4.extract_lane(v, 3);
    // A score of exactly 0 is no evidence, and is not recommended.
    if (score === 0 || !isBefore(score, product, scores + cell, products + cell, k - 1)) continue;
    const from = seen + floats(load<i32>(offsets + floats(customer)));
    const to = seen + floats(load<i32>(offsets + floats(customer), 4));
    if (!contains(from, to, product)) insert(scores + cell, products + cell, k, score, product);
  }
}

/** Customers' vectors in groups of four: to[group][f][4]; zeros after the last one. */
function packCustomers(to: usize, from: usize, n: i32, width: i32): void {
  for (let t = 0; t < n; t += 4) {
    for (let f = 0; f < width; f++) {
      for (let q = 0; q < 4; q++) {
        const value: f32 = t + q < n ? load<f32>(from + floats((t + q) * width + f)) : 0;
        store<f32>(to + floats(t * width + f * 4 + q), value);
      }
    }
  }
}

/**
 * The k best allowed products of customers start … end − 1, those in the customer's row of `seen` left out, best first.
 * `packed` as `packProducts` left it, in an order of falling norms; scores and products have k cells a customer, −∞ and −1
 * where a list ends early. A product whose norm times the customer's is below the worst that is kept cannot get in
 * (Cauchy and Schwarz), and no later one can: `bounds` has the largest norm of each group of eight, rounded up, `lengths` the
 * norms of the customers.
 * Scratch: CUSTOMERS · width floats.
 */
export function topProducts(
  customers: usize, lengths: usize, packed: usize, order: usize, bounds: usize, n: i32, width: i32, k: i32,
  allowed: usize, offsets: usize, seen: usize, scores: usize, products: usize, start: i32, end: i32, scratch: usize,
): void {
  for (let c = start; c < end; c += CUSTOMERS) {
    const m = min(CUSTOMERS, end - c);
    packCustomers(scratch, customers + (<usize>c * <usize>width << 2), m, width);
    for (let cell = <usize>c * <usize>k << 2, last = <usize>(c + m) * <usize>k << 2; cell < last; cell += 4) {
      store<f32>(scores + cell, -Infinity);
      store<i32>(products + cell, -1);
    }
    // Bit t: whether the t-th four of the customers still look for products.
    let open: u32 = 0xffffffff >> <u32>(32 - ((m + 3) >> 2));
    for (let p = 0; p < n && open; p += 8) {
      const group = packed + (<usize>p * <usize>width << 2);
      const bound = load<f32>(bounds + (<usize>p >> 1));
      for (let left = open; left; left &= left - 1) {
        const t = 4 * <i32>ctz(left);
        const count = min(4, m - t);
        if (!canImprove(lengths + floats(c + t), bound, scores + floats((c + t) * k), count, k)) open &= ~(1 << (t >> 2));
        else scoreTile(scratch + floats(t * width), group, c + t, count, p, n, order, width, k, allowed, offsets, seen, scores, products);
      }
    }
  }
}

@inline function canImprove(lengths: usize, bound: f32, kept: usize, count: i32, k: i32): bool {
  let worst = kept + floats(k - 1);
  for (let q = 0; q < count; q++, worst += floats(k)) {
    // Not `<`: a NaN must not end the search.
    if (!(load<f32>(lengths + floats(q)) * bound < load<f32>(worst))) return true;
  }
  return false;
}

/** Four customers × eight products, all sums in registers. */
@inline function scoreTile(
  a: usize, b: usize, customer: i32, count: i32, p: i32, n: i32, order: usize, width: i32, k: i32,
  allowed: usize, offsets: usize, seen: usize, scores: usize, products: usize,
): void {
  let a0 = f32x4.splat(0), b0 = a0, a1 = a0, b1 = a0, a2 = a0, b2 = a0, a3 = a0, b3 = a0;
  const stop = b + (<usize>width << 5);
  while (b < stop) {
    const y0 = v128.load(b);
    const y1 = v128.load(b, 16);
    let s = v128.load32_splat(a);
    a0 = multiplyAdd(s, y0, a0);
    b0 = multiplyAdd(s, y1, b0);
    s = v128.load32_splat(a, 4);
    a1 = multiplyAdd(s, y0, a1);
    b1 = multiplyAdd(s, y1, b1);
    s = v128.load32_splat(a, 8);
    a2 = multiplyAdd(s, y0, a2);
    b2 = multiplyAdd(s, y1, b2);
    s = v128.load32_splat(a, 12);
    a3 = multiplyAdd(s, y0, a3);
    b3 = multiplyAdd(s, y1, b3);
    a += 16;
    b += 32;
  }
  const stride = <usize>k << 2;
  const worst = scores + <usize>customer * stride + stride - 4;
  if (reaches(a0, b0, worst)) offerBoth(a0, b0, p, n, order, customer, k, allowed, offsets, seen, scores, products);
  if (count > 1 && reaches(a1, b1, worst + stride)) offerBoth(a1, b1, p, n, order, customer + 1, k, allowed, offsets, seen, scores, products);
  if (count > 2 && reaches(a2, b2, worst + 2 * stride)) offerBoth(a2, b2, p, n, order, customer + 2, k, allowed, offsets, seen, scores, products);
  if (count > 3 && reaches(a3, b3, worst + 3 * stride)) offerBoth(a3, b3, p, n, order, customer + 3, k, allowed, offsets, seen, scores, products);
}

@inline function reaches(a: v128, b: v128, worst: usize): bool {
  const threshold = v128.load32_splat(worst);
  return v128.any_true(v128.or(f32x4.ge(a, threshold), f32x4.ge(b, threshold)));
}

function offerBoth(
  a: v128, b: v128, p: i32, n: i32, order: usize, customer: i32, k: i32,
  allowed: usize, offsets: usize, seen: usize, scores: usize, products: usize,
): void {
  offer(a, p, n, order, customer, k, allowed, offsets, seen, scores, products);
  offer(b, p + 4, n, order, customer, k, allowed, offsets, seen, scores, products);
}
