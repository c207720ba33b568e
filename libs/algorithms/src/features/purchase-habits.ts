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
  /** Different customers who bought the product. */
  readonly buyersOfProduct: Int32Array;
}

export function purchaseHabits(events: EventColumns): PurchaseHabits {
  const { customerCount, productCount } = events;
  const rows = sortedRows(events);
  const runs = pairRuns(events, rows);
  const gapsOfProduct: number[][] = Array.from({ length: productCount }, () => []);
  const buyersOfProduct = new Int32Array(productCount);
  for (const { product, gaps } of runs) {
    gapsOfProduct[product].push(...gaps);
    buyersOfProduct[product]++;
  }
  const cycleOfProduct = Float32Array.from(gapsOfProduct, medianOfEnough);
  const offsets = new Int32Array(customerCount + 1);
  for (const { customer } of runs) offsets[customer + 1]++;
  for (let c = 0; c < customerCount; c++) offsets[c + 1] += offsets[c];
  return {
    offsets,
    products: Int32Array.from(runs, ({ product }) => product),
    lastDays: Int32Array.from(runs, ({ lastDay }) => lastDay),
    cycleDays: Float32Array.from(runs, ({ product, gaps }) =>
      gaps.length >= MINIMUM_OWN_GAPS ? meanOf(gaps) : cycleOfProduct[product],
    ),
    cycleOfProduct,
    buyersOfProduct,
  };
}

interface PairRun {
  readonly customer: number;
  readonly product: number;
  readonly lastDay: number;
  /** Days between consecutive purchase days. */
  readonly gaps: readonly number[];
}

/** Purchase lines of known customers by customer, product and time. */
function sortedRows(events: EventColumns): Int32Array {
  const { customer, product, timeSeconds } = events;
  const rows: number[] = [];
  for (let e = 0; e < events.count; e++) if (customer[e] >= 0 && isPurchaseLine(events, e)) rows.push(e);
  return Int32Array.from(rows).sort(
    (a, b) => customer[a] - customer[b] || product[a] - product[b] || timeSeconds[a] - timeSeconds[b],
  );
}

function pairRuns(events: EventColumns, rows: Int32Array): PairRun[] {
  const { customer, product, timeSeconds } = events;
  const runs: PairRun[] = [];
  for (let start = 0, end = 0; start < rows.length; start = end) {
    const [first, gaps] = [rows[start], [] as number[]];
    let lastDay = dayOf(timeSeconds[first]);
    for (end = start + 1; end < rows.length; end++) {
      const row = rows[end];
      if (customer[row] !== customer[first] || product[row] !== product[first]) break;
      const day = dayOf(timeSeconds[row]);
      if (day > lastDay) gaps.push(day - lastDay);
      lastDay = day;
    }
    runs.push({ customer: customer[first], product: product[first], lastDay, gaps });
  }
  return runs;
}

function medianOfEnough(gaps: number[]): number {
  return gaps.length < MINIMUM_GAPS
    ? NaN
    : quantile(
        gaps.sort((a, b) => a - b),
        0.5,
      );
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
