import type { EventColumns } from '../dataset/event-columns.js';
import { quantile } from '../statistics/summary.js';
import { dayOf, isPurchaseLine } from './purchase-lines.js';

/** A product's cycle is believed from this many gaps on. */
const MINIMUM_GAPS = 5;
/** A customer's own cycle is believed from this many gaps on. */
const MINIMUM_OWN_GAPS = 2;

/** Which customer bought what, when last, and how long it usually takes until they buy it again. */
export interface PurchaseHabits {
  /** Customer c: entries offsets[c] … offsets[c + 1] - 1, products ascending. */
  readonly offsets: Int32Array;
  readonly products: Int32Array;
  /** Days since the epoch, in UTC. */
  readonly lastDays: Int32Array;
  /** The customer's own mean gap, or else the product's cycle; NaN when neither is known. */
  readonly cycleDays: Float32Array;
  /** Median gap between two purchase days of one customer, over all customers; NaN below five gaps. */
  readonly cycleOfProduct: Float32Array;
  /** Lower and upper quartile of the same gaps, for product p in cells 2p and 2p + 1; NaN where the cycle is. */
  readonly quartilesOfProduct: Float32Array;
  /** How many gaps of product p have been seen. */
  readonly gapsOfProduct: Int32Array;
  /** Different customers who bought the product. */
  readonly buyersOfProduct: Int32Array;
}

export function purchaseHabits(events: EventColumns): PurchaseHabits {
  const { customerCount, productCount } = events;
  const { starts, days } = purchaseDays(events);
  const pairs = countPairs(starts, days, customerCount);
  const products = new Int32Array(pairs[customerCount]);
  const lastDays = new Int32Array(pairs[customerCount]);
  const gaps = new Int32Array(pairs[customerCount]);
  const gapDays = new Float32Array(pairs[customerCount]);
  const gapsOfProduct: number[][] = Array.from({ length: productCount }, () => []);
  const buyersOfProduct = new Int32Array(productCount);
  for (let customer = 0, pair = -1; customer < customerCount; customer++) {
    for (let i = starts[customer]; i < starts[customer + 1]; i++) {
      const product = productOf(days[i]);
      const day = days[i] - product * DAYS;
      if (i === starts[customer] || product !== products[pair]) {
        products[++pair] = product;
        buyersOfProduct[product]++;
      } else if (day > lastDays[pair]) {
        gapsOfProduct[product].push(day - lastDays[pair]);
        gapDays[pair] += day - lastDays[pair];
        gaps[pair]++;
      }
      lastDays[pair] = day;
    }
  }
  for (const of of gapsOfProduct) of.sort((a, b) => a - b);
  const cycleOfProduct = Float32Array.from(gapsOfProduct, (of) => quantileOfEnough(of, 0.5));
  const quartilesOfProduct = Float32Array.from({ length: 2 * productCount }, (_, cell) =>
    quantileOfEnough(gapsOfProduct[cell >> 1], cell % 2 === 0 ? 0.25 : 0.75),
  );
  const cycleDays = gapDays.map((sum, pair) =>
    gaps[pair] >= MINIMUM_OWN_GAPS ? sum / gaps[pair] : cycleOfProduct[products[pair]],
  );
  return {
    ...{ offsets: pairs, products, lastDays, cycleDays, cycleOfProduct, quartilesOfProduct, buyersOfProduct },
    gapsOfProduct: Int32Array.from(gapsOfProduct, ({ length }) => length),
  };
}

/** Days since the epoch lie below this: a product and a day make one number that sorts by both. */
const DAYS = 2 ** 20;

function productOf(key: number): number {
  return Math.floor(key / DAYS);
}

/** Customer c bought on days[starts[c]] … days[starts[c + 1] - 1], product · DAYS + day each, ascending. */
function purchaseDays(events: EventColumns): { starts: Int32Array; days: Float64Array } {
  const { customer, product, timeSeconds, customerCount, count } = events;
  const starts = new Int32Array(customerCount + 1);
  const counts = (e: number) => customer[e] >= 0 && isPurchaseLine(events, e);
  for (let e = 0; e < count; e++) if (counts(e)) starts[customer[e] + 1]++;
  for (let c = 0; c < customerCount; c++) starts[c + 1] += starts[c];
  const days = new Float64Array(starts[customerCount]);
  const next = starts.slice(0, customerCount);
  for (let e = 0; e < count; e++)
    if (counts(e)) days[next[customer[e]]++] = product[e] * DAYS + dayOf(timeSeconds[e]);
  for (let c = 0; c < customerCount; c++) days.subarray(starts[c], starts[c + 1]).sort();
  return { starts, days };
}

/** Different products of each customer, summed up. */
function countPairs(starts: Int32Array, days: Float64Array, customerCount: number): Int32Array {
  const offsets = new Int32Array(customerCount + 1);
  for (let customer = 0; customer < customerCount; customer++) {
    let pairs = 0;
    for (let i = starts[customer]; i < starts[customer + 1]; i++)
      if (i === starts[customer] || productOf(days[i]) !== productOf(days[i - 1])) pairs++;
    offsets[customer + 1] = offsets[customer] + pairs;
  }
  return offsets;
}

/** @param gaps ascending */
function quantileOfEnough(gaps: readonly number[], share: number): number {
  return gaps.length < MINIMUM_GAPS ? NaN : quantile(gaps, share);
}
