import type { EventColumns } from '#libs/algorithms';
import { allocateEvents } from '#libs/algorithms';

const DAY = 86_400;

/** A customer's first shopping day after the lists were made. */
export interface NextBasket {
  readonly customer: number;
  /** Midnight before the basket, epoch seconds. */
  readonly daySeconds: number;
  readonly products: ReadonlySet<number>;
}

/** Known customers who had bought before `fromSeconds`, with their first basket in [from, until). */
export function nextBaskets(events: EventColumns, fromSeconds: number, untilSeconds: number): NextBasket[] {
  const known = new Set<number>();
  const firstDay = new Map<number, number>();
  for (let e = 0; e < events.count; e++) {
    const customer = events.customer[e];
    if (customer < 0) continue;
    const time = events.timeSeconds[e];
    if (time < fromSeconds) known.add(customer);
    else if (time < untilSeconds)
      firstDay.set(customer, Math.min(firstDay.get(customer) ?? Infinity, Math.floor(time / DAY)));
  }
  const baskets = new Map<number, Set<number>>();
  for (let e = 0; e < events.count; e++) {
    const customer = events.customer[e];
    if (!known.has(customer) || firstDay.get(customer) !== Math.floor(events.timeSeconds[e] / DAY)) continue;
    const basket = baskets.get(customer) ?? new Set<number>();
    baskets.set(customer, basket.add(events.product[e]));
  }
  return [...baskets]
    .map(([customer, products]) => ({
      customer,
      daySeconds: Math.max(fromSeconds, firstDay.get(customer)! * DAY),
      products,
    }))
    .sort((a, b) => a.customer - b.customer);
}

const COLUMNS = [
  'customer',
  'product',
  'timeSeconds',
  'quantity',
  'unitPrice',
  'rating',
  'kind',
  'order',
  'splitHash',
] as const;

/** What was known before a moment, in the same indices. */
export function eventsBefore(events: EventColumns, untilSeconds: number): EventColumns {
  const rows: number[] = [];
  for (let e = 0; e < events.count; e++) if (events.timeSeconds[e] < untilSeconds) rows.push(e);
  const earlier = allocateEvents(rows.length);
  for (const column of COLUMNS) rows.forEach((row, e) => (earlier[column][e] = events[column][row]));
  const { customerCount, productCount, orderCount } = events;
  return Object.assign(earlier, { customerCount, productCount, orderCount });
}
