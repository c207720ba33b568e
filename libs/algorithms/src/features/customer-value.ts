import type { EventColumns } from '../dataset/event-columns.js';
import { quantile } from '../statistics/summary.js';
import { dayOf, isPurchaseLine, SECONDS_A_DAY, unitsOf } from './purchase-lines.js';

/** Spending per purchase day, a quarter of the customers each. */
export const SPENDING_SEGMENTS = ['small', 'lowAverage', 'average', 'high'] as const;
/** From the sum of the three scores: 3–6, 7–9, 10–12, 13–15. */
export const LOYALTY_TIERS = ['bronze', 'silver', 'gold', 'platinum'] as const;
export const UNKNOWN_SEGMENT = 255;

/** Recency, frequency and money of each customer; customers without a purchase have zeros and UNKNOWN_SEGMENT. */
export interface CustomerValue {
  /** Days since the last purchase; NaN without one. */
  readonly recencyDays: Float32Array;
  /** Days with a purchase. */
  readonly frequency: Int32Array;
  readonly monetary: Float64Array;
  /** customers × 3: scores 1 (worst fifth) to 5 of recency, frequency, monetary; 0 without a purchase. */
  readonly scores: Uint8Array;
  /** Index into LOYALTY_TIERS. */
  readonly tier: Uint8Array;
  /** Index into SPENDING_SEGMENTS. */
  readonly spendingSegment: Uint8Array;
}

export function customerValue(events: EventColumns, nowSeconds: number): CustomerValue {
  const { customerCount } = events;
  const { lastSeconds, frequency, monetary } = sums(events);
  const buyers = Int32Array.from({ length: customerCount }, (_, c) => c).filter((c) => frequency[c] > 0);
  const recencyDays = Float32Array.from({ length: customerCount }, (_, c) =>
    frequency[c] > 0 ? (nowSeconds - lastSeconds[c]) / SECONDS_A_DAY : NaN,
  );
  const scores = new Uint8Array(3 * customerCount);
  [(c: number) => -recencyDays[c], (c: number) => frequency[c], (c: number) => monetary[c]].forEach(
    (valueOf, part) => scoreInto(scores, part, buyers, valueOf),
  );
  const tier = new Uint8Array(customerCount).fill(UNKNOWN_SEGMENT);
  for (const c of buyers) {
    const sum = scores[3 * c] + scores[3 * c + 1] + scores[3 * c + 2];
    tier[c] = [7, 10, 13].filter((bound) => sum >= bound).length;
  }
  const spendOf = (c: number) => monetary[c] / frequency[c];
  return {
    recencyDays,
    frequency,
    monetary,
    scores,
    tier,
    spendingSegment: quarters(customerCount, buyers, spendOf),
  };
}

function sums(events: EventColumns) {
  const { customer, customerCount, timeSeconds, unitPrice } = events;
  const lastSeconds = new Float64Array(customerCount);
  const monetary = new Float64Array(customerCount);
  const days: (Set<number> | undefined)[] = new Array(customerCount);
  for (let e = 0; e < events.count; e++) {
    const c = customer[e];
    if (c < 0 || !isPurchaseLine(events, e)) continue;
    lastSeconds[c] = Math.max(lastSeconds[c], timeSeconds[e]);
    if (unitPrice[e] > 0) monetary[c] += unitPrice[e] * unitsOf(events, e);
    (days[c] ??= new Set()).add(dayOf(timeSeconds[e]));
  }
  return { lastSeconds, monetary, frequency: Int32Array.from(days, (of) => of?.size ?? 0) };
}

/** Fifths by value: equal values get the same score. */
function scoreInto(
  scores: Uint8Array,
  part: number,
  buyers: Int32Array,
  valueOf: (c: number) => number,
): void {
  const sorted = Float64Array.from(buyers, valueOf).sort();
  const bounds = [0.2, 0.4, 0.6, 0.8].map((share) => quantile(sorted, share));
  for (const c of buyers) {
    const value = valueOf(c);
    scores[3 * c + part] = 1 + bounds.filter((bound) => value > bound).length;
  }
}

function quarters(customers: number, buyers: Int32Array, valueOf: (c: number) => number): Uint8Array {
  const sorted = Float64Array.from(buyers, valueOf).sort();
  const bounds = [0.25, 0.5, 0.75].map((share) => quantile(sorted, share));
  const segments = new Uint8Array(customers).fill(UNKNOWN_SEGMENT);
  for (const c of buyers) segments[c] = bounds.filter((bound) => valueOf(c) > bound).length;
  return segments;
}
