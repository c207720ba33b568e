import { AlgorithmRangeError } from '../errors.js';
import { absorb32, mix32 } from '../statistics/mix.js';

/** Plain interaction rows; equal lengths. */
export interface SplitColumns {
  readonly customers: Int32Array;
  readonly products: Int32Array;
  /** Any unit that grows with time. */
  readonly times?: Float64Array;
}

/** Uniform 32 bits of a (customer, product) pair: rows that repeat a pair fall together, whatever their order. */
function pairHash(customer: number, product: number, seed: number): number {
  return mix32(absorb32(absorb32(mix32(seed), customer), product));
}

function hashesOf({ customers, products }: SplitColumns, seed: number): Uint32Array {
  return Uint32Array.from(customers, (customer, e) => pairHash(customer, products[e], seed));
}

function refuse(field: string, message: string): never {
  throw new AlgorithmRangeError('PARAMETER_INVALID', field, message);
}

function validate({ customers, products, times }: SplitColumns): void {
  for (const [field, column] of Object.entries({ products, times })) {
    if (column !== undefined && column.length !== customers.length)
      throw new AlgorithmRangeError('SHAPE_MISMATCH', field, `${column.length} for ${customers.length} rows`);
  }
}

/** Whether row a is later than row b: by time where there are times, then by hash. */
function isLater(a: number, b: number, times: Float64Array | undefined, hashes: Uint32Array): boolean {
  if (times !== undefined && times[a] !== times[b]) return times[a] > times[b];
  return hashes[a] > hashes[b];
}

/**
 * Leave one out: of each customer with at least two different products, the latest row, or a random one without times
 * (equal times fall by the same seeded hash). Earlier rows of the same pair go with it, so that a test pair is never in
 * training. O(rows).
 * @returns 1 for each test row
 * @throws AlgorithmRangeError SHAPE_MISMATCH
 */
export function leaveOneOut(columns: SplitColumns, seed: number): Uint8Array {
  validate(columns);
  const { customers, products, times } = columns;
  const hashes = hashesOf(columns, seed);
  const chosen = new Map<number, number>();
  const hasTwo = new Set<number>();
  for (let e = 0; e < customers.length; e++) {
    const best = chosen.get(customers[e]);
    if (best !== undefined && products[best] !== products[e]) hasTwo.add(customers[e]);
    if (best === undefined || isLater(e, best, times, hashes)) chosen.set(customers[e], e);
  }
  const out = new Uint8Array(customers.length);
  for (let e = 0; e < out.length; e++) {
    const best = chosen.get(customers[e]) ?? e;
    if (hasTwo.has(customers[e]) && products[best] === products[e]) out[e] = 1;
  }
  return out;
}

/**
 * Everything after a moment is test: the moment before which 1 - share of the rows lie. Rows of one moment stay together,
 * in training, so the test part may be smaller than asked for. O(rows · log rows).
 * @param share in (0, 1)
 * @returns 1 for each test row
 * @throws AlgorithmRangeError PARAMETER_INVALID, SHAPE_MISMATCH
 */
export function splitByTime(times: Float64Array, share: number): Uint8Array {
  if (!(share > 0 && share < 1)) refuse('share', `${share} is not in (0, 1)`);
  if (times.some(Number.isNaN)) refuse('times', 'are not all numbers');
  if (times.length === 0) return new Uint8Array(0);
  const sorted = times.slice().sort();
  const last = sorted[Math.max(0, Math.ceil(times.length * (1 - share)) - 1)];
  return Uint8Array.from(times, (time) => (time > last ? 1 : 0));
}

/**
 * A seeded hash of customer and product alone decides: a row falls the same way whatever other rows there are. The share
 * is met on average. O(rows).
 * @param share in [0, 1]
 * @returns 1 for each test row
 * @throws AlgorithmRangeError PARAMETER_INVALID, SHAPE_MISMATCH
 */
export function splitByHash(columns: SplitColumns, share: number, seed: number): Uint8Array {
  validate(columns);
  if (!(share >= 0 && share <= 1)) refuse('share', `${share} is not in [0, 1]`);
  const below = share * 4294967296;
  return Uint8Array.from(hashesOf(columns, seed), (hash) => (hash < below ? 1 : 0));
}

/**
 * k folds of different pairs, dealt round in the order of their hashes: sizes differ by at most one pair, and rows that
 * repeat a pair fall together. O(rows · log rows).
 * @param k integer in [2, 256]
 * @returns fold of each row, 0 … k - 1
 * @throws AlgorithmRangeError PARAMETER_INVALID, SHAPE_MISMATCH
 */
export function foldsOf(columns: SplitColumns, k: number, seed: number): Uint8Array {
  validate(columns);
  if (!Number.isInteger(k) || k < 2 || k > 256) refuse('k', `${k} is not an integer in [2, 256]`);
  const { customers, products } = columns;
  const hashes = hashesOf(columns, seed);
  const order = Int32Array.from(customers.keys()).sort(
    (a, b) => hashes[a] - hashes[b] || customers[a] - customers[b] || products[a] - products[b],
  );
  const out = new Uint8Array(customers.length);
  let pair = -1;
  order.forEach((row, i) => {
    const before = order[i - 1];
    if (i === 0 || customers[before] !== customers[row] || products[before] !== products[row]) pair++;
    out[row] = pair % k;
  });
  return out;
}
