import { sharedFloat32, sharedInt32 } from '../parallel/shared-arrays.js';
import { createRandom } from '../statistics/random.js';
import type { Csr } from './csr.js';
import { emptyCsr, transpose } from './csr.js';
import type { PairTargets } from './pair-targets.js';
import type { TrainingSet } from './training-set.js';
import { countCustomers } from './training-set.js';

export interface HeldOutPairs {
  /** The training set without the held-out pairs, in the same index spaces. */
  readonly rest: TrainingSet;
  /** The held-out pairs with their values: as rows, and as customers × products. */
  readonly targets: PairTargets;
  readonly heldOut: Csr;
}

export interface HoldOutOptions {
  /** Share of a customer's pairs, range (0, 1): at least one is held out, and at least one stays. */
  readonly share: number;
  /** Only this many customers, drawn by seed, give up pairs; all others stay whole. Infinity for all. */
  readonly maxCustomers: number;
  readonly seed: number;
}

/** Keeps the entries that `keep` accepts; O(entries). */
export function filterEntries(matrix: Csr, keep: (row: number, entry: number) => boolean): Csr {
  const { rows, columns } = matrix;
  const offsets = sharedInt32(rows + 1);
  const indices = sharedInt32(matrix.indices.length);
  const values = sharedFloat32(matrix.indices.length);
  let filled = 0;
  for (let r = 0; r < rows; r++) {
    for (let e = matrix.offsets[r]; e < matrix.offsets[r + 1]; e++) {
      if (!keep(r, e)) continue;
      indices[filled] = matrix.indices[e];
      values[filled++] = matrix.values[e];
    }
    offsets[r + 1] = filled;
  }
  return {
    rows,
    columns,
    offsets,
    indices: indices.subarray(0, filled),
    values: values.subarray(0, filled),
  };
}

/** Customers in a seeded random order (Fisher and Yates). */
export function shuffledCustomers(customerCount: number, seed: number): Int32Array {
  const order = Int32Array.from({ length: customerCount }, (_, c) => c);
  const random = createRandom(seed, 1);
  for (let i = customerCount - 1; i > 0; i--) {
    const j = random.nextInt(i + 1);
    [order[i], order[j]] = [order[j], order[i]];
  }
  return order;
}

/** isHeldOut[e] = 1 for the entries given up. Each customer has a random stream of their own. */
function drawEntries({ byCustomer }: TrainingSet, options: HoldOutOptions): Uint8Array {
  const { offsets } = byCustomer;
  const isHeldOut = new Uint8Array(byCustomer.indices.length);
  let customersLeft = options.maxCustomers;
  for (const customer of shuffledCustomers(byCustomer.rows, options.seed)) {
    const start = offsets[customer];
    const length = offsets[customer + 1] - start;
    if (length < 2) continue;
    if (customersLeft-- <= 0) break;
    let wanted = Math.min(length - 1, Math.max(1, Math.round(options.share * length)));
    const random = createRandom(options.seed, 2, customer);
    // Selection sampling (Knuth, algorithm S): each entry with the chance that makes the count come out.
    for (let e = start; wanted > 0; e++) {
      if (random.nextInt(start + length - e) >= wanted) continue;
      isHeldOut[e] = 1;
      wanted--;
    }
  }
  return isHeldOut;
}

function targetsOf(held: Csr): PairTargets {
  const customer = sharedInt32(held.indices.length);
  for (let c = 0; c < held.rows; c++) customer.fill(c, held.offsets[c], held.offsets[c + 1]);
  return { customer, product: held.indices, strength: held.values };
}

/** Orders without the lines of held-out pairs; none at all where nobody knows whose orders they are. */
export function ordersWithout({ orders, customerOfOrder }: TrainingSet, heldOut: PairTargets): Csr {
  if (customerOfOrder === undefined) return emptyCsr(0, orders.columns);
  const keyOf = (customer: number, product: number) => customer * orders.columns + product;
  const held = new Set<number>();
  heldOut.customer.forEach((customer, i) => held.add(keyOf(customer, heldOut.product[i])));
  return filterEntries(orders, (order, e) => {
    const customer = customerOfOrder[order];
    return customer < 0 || !held.has(keyOf(customer, orders.indices[e]));
  });
}

/** Decayed popularity less the share that the held-out pairs have of the product's values. */
function popularityOfRest({ byProduct, popularity }: TrainingSet, rest: Csr): Float32Array {
  const scaled = sharedFloat32(popularity.length);
  for (let p = 0; p < popularity.length; p++) {
    let whole = 0;
    let kept = 0;
    for (let e = byProduct.offsets[p]; e < byProduct.offsets[p + 1]; e++) whole += byProduct.values[e];
    for (let e = rest.offsets[p]; e < rest.offsets[p + 1]; e++) kept += rest.values[e];
    scaled[p] = whole > 0 ? (popularity[p] * kept) / whole : popularity[p];
  }
  return scaled;
}

/**
 * Parts a training set into what is learnt from and what is asked for, pair by pair and seeded: how hyper-parameters and
 * weights are judged without a look at any test row. O(pairs + customers).
 */
export function holdOutPairs(data: TrainingSet, options: HoldOutOptions): HeldOutPairs {
  const isHeldOut = drawEntries(data, options);
  const heldOut = filterEntries(data.byCustomer, (_, e) => isHeldOut[e] === 1);
  const targets = targetsOf(heldOut);
  const byCustomer = filterEntries(data.byCustomer, (_, e) => isHeldOut[e] === 0);
  const byProduct = transpose(byCustomer);
  const rest: TrainingSet = {
    ...data,
    byCustomer,
    byProduct,
    orders: ordersWithout(data, targets),
    popularity: popularityOfRest(data, byProduct),
    customerCountOfProduct: countCustomers(byProduct),
  };
  return { rest, targets, heldOut };
}
