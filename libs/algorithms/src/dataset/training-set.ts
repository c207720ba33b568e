import { AlgorithmRangeError } from '../errors.js';
import { sharedFloat32, sharedInt32 } from '../parallel/shared-arrays.js';
import type { Csr } from './csr.js';
import { transpose } from './csr.js';
import type { EventColumns } from './event-columns.js';
import { InteractionKind } from './event-columns.js';
import { groupPairs, sumOf } from './group-pairs.js';
import type { ProductAttributes } from './product-attributes.js';

const SECONDS_PER_DAY = 86400;

/** What models are fitted on: customers, products and orders as sparse matrices; all arrays over shared memory. */
export interface TrainingSet {
  readonly customerCount: number;
  readonly productCount: number;
  /** customers × products; value = age-decayed strengths of the pair summed, less rejections; only values > 0. */
  readonly byCustomer: Csr;
  /** Transpose of `byCustomer`: products × customers. */
  readonly byProduct: Csr;
  /** orders × products; decayed strength of the purchases in the order, those of unknown customers included. */
  readonly orders: Csr;
  /** Per order: the customer, -1 = unknown. Without it a part of `byCustomer` cannot be held out of the orders as well. */
  readonly customerOfOrder?: Int32Array;
  /** Per product: decayed strength over all events (unknown customers included), floor 0. */
  readonly popularity: Float32Array;
  /** Per product: how many known customers have a pair with it. */
  readonly customerCountOfProduct: Int32Array;
  /** Per customer: index of their segment, -1 for none; only segmented models ask for it. */
  readonly segmentOfCustomer?: Int32Array;
  /** What is known of the products themselves; only content-based models ask for it. */
  readonly attributes?: ProductAttributes;
}

export interface TrainingSetOptions {
  /** The moment that ages are counted from, epoch seconds; later events count as new. */
  readonly nowSeconds: number;
  /** After this many days an event counts half; Infinity switches decay off. Range (0, Infinity]. */
  readonly halfLifeDays: number;
  /** Half-life of `popularity` alone, same range; default `halfLifeDays`. */
  readonly popularityHalfLifeDays?: number;
  /** Parts whose events are used; all of them by default or when `parts` is undefined. */
  readonly includeParts?: readonly number[];
}

/** strengths[e] · 2^(-age / half-life): exponential decay of the interest that an event shows. */
export function decayStrengths(
  events: EventColumns,
  strengths: Float32Array,
  nowSeconds: number,
  halfLifeDays: number,
): Float32Array {
  const rate = 1 / (halfLifeDays * SECONDS_PER_DAY);
  const decayed = new Float32Array(events.count);
  for (let e = 0; e < events.count; e++) {
    const ageSeconds = Math.max(0, nowSeconds - events.timeSeconds[e]);
    decayed[e] = strengths[e] * 2 ** (-ageSeconds * rate);
  }
  return decayed;
}

/** Indices of the events accepted, in row order. */
export function selectEvents(events: EventColumns, accept: (e: number) => boolean): Int32Array {
  const selected = new Int32Array(events.count);
  let filled = 0;
  for (let e = 0; e < events.count; e++) if (accept(e)) selected[filled++] = e;
  return selected.subarray(0, filled);
}

function validateOptions(events: EventColumns, strengths: Float32Array, options: TrainingSetOptions): void {
  if (strengths.length !== events.count) {
    throw new AlgorithmRangeError(
      'SHAPE_MISMATCH',
      'strengths',
      `${strengths.length} for ${events.count} events`,
    );
  }
  for (const field of ['halfLifeDays', 'popularityHalfLifeDays'] as const) {
    const days = options[field];
    if (days !== undefined && !(days > 0)) {
      throw new AlgorithmRangeError('PARAMETER_INVALID', field, `${days} is not above 0`);
    }
  }
}

/** Refuses columns that would make a kernel read or write beside its arrays. */
export function validateEvents(events: EventColumns): void {
  const check = (field: 'customer' | 'product' | 'order', bound: number) => {
    const column = events[field];
    for (let e = 0; e < events.count; e++) {
      if (column[e] < -1 || column[e] >= bound) {
        throw new AlgorithmRangeError(
          'INDEX_OUT_OF_RANGE',
          field,
          `${column[e]} in row ${e} is not in [-1, ${bound})`,
        );
      }
    }
  };
  check('customer', events.customerCount);
  check('product', events.productCount);
  check('order', events.orderCount);
}

/** Per product (row): how many customers have a pair with it. */
export function countCustomers({ rows, offsets }: Csr): Int32Array {
  const out = sharedInt32(rows);
  for (let p = 0; p < rows; p++) out[p] = offsets[p + 1] - offsets[p];
  return out;
}

/** Per product: the sum of its events' values, floor 0. A product is a row of a one-column matrix here. */
function sumByProduct(events: EventColumns, selected: Int32Array, value: Float32Array): Float32Array {
  const column = new Int32Array(events.count);
  const sums = groupPairs(
    { rows: events.productCount, columns: 1, selected, row: events.product, column, value },
    sumOf,
  );
  const out = sharedFloat32(events.productCount);
  for (let p = 0; p < events.productCount; p++)
    if (sums.offsets[p + 1] > sums.offsets[p]) out[p] = sums.values[sums.offsets[p]];
  return out;
}

/** The customer of each order; of several, the one that comes last in ascending order. */
function customersOfOrders(events: EventColumns, inOrder: Int32Array): Int32Array {
  const customerOfOrder = sharedInt32(events.orderCount).fill(-1);
  for (const e of inOrder) {
    const order = events.order[e];
    customerOfOrder[order] = Math.max(customerOfOrder[order], events.customer[e]);
  }
  return customerOfOrder;
}

/**
 * The training set of the events whose part is included. Deterministic in the set of events: their order is irrelevant.
 * @param strengths `preferenceStrengths(events)`, length events.count
 * @param parts `splitEvents(events)`, or undefined to train on everything
 * @throws AlgorithmRangeError SHAPE_MISMATCH, PARAMETER_INVALID, INDEX_OUT_OF_RANGE
 */
export function buildTrainingSet(
  events: EventColumns,
  strengths: Float32Array,
  parts: Uint8Array | undefined,
  options: TrainingSetOptions,
): TrainingSet {
  validateOptions(events, strengths, options);
  validateEvents(events);
  const { customer, product, order, kind, customerCount, productCount, orderCount } = events;
  const { nowSeconds, halfLifeDays, includeParts, popularityHalfLifeDays = halfLifeDays } = options;
  const included = (e: number) =>
    parts === undefined || includeParts === undefined || includeParts.includes(parts[e]);
  const selected = selectEvents(events, (e) => strengths[e] !== 0 && product[e] >= 0 && included(e));
  const value = decayStrengths(events, strengths, nowSeconds, halfLifeDays);

  const known = selected.filter((e) => customer[e] >= 0);
  const byCustomer = groupPairs(
    { rows: customerCount, columns: productCount, selected: known, row: customer, column: product, value },
    sumOf,
  );
  const inOrder = selected.filter((e) => order[e] >= 0 && kind[e] === InteractionKind.purchase);
  const orders = groupPairs(
    { rows: orderCount, columns: productCount, selected: inOrder, row: order, column: product, value },
    sumOf,
  );
  const byProduct = transpose(byCustomer);
  const customerCountOfProduct = countCustomers(byProduct);
  const recent =
    popularityHalfLifeDays === halfLifeDays
      ? value
      : decayStrengths(events, strengths, nowSeconds, popularityHalfLifeDays);
  const popularity = sumByProduct(events, selected, recent);
  return {
    customerCount,
    productCount,
    byCustomer,
    byProduct,
    orders,
    customerOfOrder: customersOfOrders(events, inOrder),
    popularity,
    customerCountOfProduct,
  };
}
