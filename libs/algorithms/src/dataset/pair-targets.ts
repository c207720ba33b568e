import { AlgorithmRangeError } from '../errors.js';
import { sharedFloat32, sharedInt32 } from '../parallel/shared-arrays.js';
import { createRandom } from '../statistics/random.js';
import type { RandomSource } from '../statistics/random.js';
import type { Csr } from './csr.js';
import type { EventColumns } from './event-columns.js';
import { groupPairs, meanOf } from './group-pairs.js';
import { selectEvents } from './training-set.js';

/** Pairs to predict, one row each, ascending by customer and then product; equal lengths, over shared memory. */
export interface PairTargets {
  readonly customer: Int32Array;
  readonly product: Int32Array;
  /** Preference strength to be predicted; 0 for a sampled negative. */
  readonly strength: Float32Array;
}

export function emptyPairs(): PairTargets {
  return { customer: sharedInt32(0), product: sharedInt32(0), strength: sharedFloat32(0) };
}

/** The entries of a customers × products matrix, row by row. */
export function pairsOf({ rows, offsets, indices, values }: Csr): PairTargets {
  const customer = sharedInt32(indices.length);
  for (let c = 0; c < rows; c++) customer.fill(c, offsets[c], offsets[c + 1]);
  return { customer, product: indices, strength: values };
}

/**
 * The pairs of one part: each pair's target is the mean strength of its events there, undecayed. Events without positive
 * strength (returns) make no target.
 */
export function buildTargets(
  events: EventColumns,
  strengths: Float32Array,
  parts: Uint8Array,
  part: number,
): PairTargets {
  const selected = selectEvents(
    events,
    (e) => parts[e] === part && strengths[e] > 0 && events.customer[e] >= 0 && events.product[e] >= 0,
  );
  const { customerCount: rows, productCount: columns } = events;
  const pairs = groupPairs(
    { rows, columns, selected, row: events.customer, column: events.product, value: strengths },
    meanOf,
  );
  return pairsOf(pairs);
}

/** Calls visit(customer, first row, row after the last) for each customer in the targets, ascending. */
export function visitCustomers(
  targets: PairTargets,
  visit: (customer: number, start: number, end: number) => void,
): void {
  const { customer } = targets;
  for (let start = 0; start < customer.length;) {
    let end = start + 1;
    while (end < customer.length && customer[end] === customer[start]) end++;
    visit(customer[start], start, end);
    start = end;
  }
}

/** Draws `wanted` distinct free products (all of the free ones if there are no more), ascending. */
function drawFree(
  isTaken: (product: number) => boolean,
  products: number,
  wanted: number,
  free: number,
  random: RandomSource,
): Int32Array {
  const drawn = new Set<number>();
  if (wanted * 2 < free) {
    // Plenty are free: guessing ends after an expected 2 · products / free tries each.
    while (drawn.size < wanted) {
      const product = random.nextInt(products);
      if (!isTaken(product)) drawn.add(product);
    }
  } else {
    const pool: number[] = [];
    for (let p = 0; p < products; p++) if (!isTaken(p)) pool.push(p);
    for (let i = 0; i < Math.min(wanted, free); i++) {
      const j = i + random.nextInt(pool.length - i);
      drawn.add(pool[j]);
      pool[j] = pool[i];
    }
  }
  return Int32Array.from(drawn).sort();
}

/**
 * Seeded negatives with target 0: for each customer in `targets`, `perPositive` times as many distinct products, drawn
 * uniformly from those neither in the customer's row of `seen` nor among the targets. Each customer has a random stream
 * of its own, so one customer's rows do not depend on another's. A customer who has nearly everything gets fewer.
 * @param seen customers × products, the history
 * @param perPositive integer in [0, 1000]
 * @param allowed per product, 0 = never drawn (retired); all by default
 * @throws AlgorithmRangeError PARAMETER_INVALID, SHAPE_MISMATCH
 */
export function sampleNegatives(
  targets: PairTargets,
  seen: Csr,
  perPositive: number,
  seed: number,
  allowed?: Uint8Array,
): PairTargets {
  if (!Number.isInteger(perPositive) || perPositive < 0 || perPositive > 1000) {
    throw new AlgorithmRangeError(
      'PARAMETER_INVALID',
      'perPositive',
      `${perPositive} is not an integer in [0, 1000]`,
    );
  }
  const products = seen.columns;
  if (allowed !== undefined && allowed.length !== products) {
    throw new AlgorithmRangeError('SHAPE_MISMATCH', 'allowed', `${allowed.length} for ${products} products`);
  }
  const retired = Uint8Array.from({ length: products }, (_, p) =>
    allowed === undefined || allowed[p] !== 0 ? 0 : 1,
  );
  const available = retired.reduce((count, isRetired) => count + 1 - isRetired, 0);
  const customers: number[] = [];
  const drawn: Int32Array[] = [];
  let total = 0;
  const stamp = new Int32Array(products).fill(-1);
  visitCustomers(targets, (customer, start, end) => {
    let free = available;
    const take = (p: number) => {
      if (stamp[p] !== customer && retired[p] === 0) free--;
      stamp[p] = customer;
    };
    for (let e = seen.offsets[customer]; e < seen.offsets[customer + 1]; e++) take(seen.indices[e]);
    for (let e = start; e < end; e++) take(targets.product[e]);
    const isTaken = (p: number) => stamp[p] === customer || retired[p] === 1;
    const negatives = drawFree(
      isTaken,
      products,
      perPositive * (end - start),
      free,
      createRandom(seed, customer),
    );
    customers.push(customer);
    drawn.push(negatives);
    total += negatives.length;
  });
  const out = { customer: sharedInt32(total), product: sharedInt32(total), strength: sharedFloat32(total) };
  let filled = 0;
  drawn.forEach((negatives, i) => {
    out.product.set(negatives, filled);
    out.customer.fill(customers[i], filled, filled + negatives.length);
    filled += negatives.length;
  });
  return out;
}
