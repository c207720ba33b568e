import type { EventColumns } from '../dataset/event-columns.js';
import { InteractionKind } from '../dataset/event-columns.js';

export const SECONDS_A_DAY = 86_400;

export function dayOf(epochSeconds: number): number {
  return Math.floor(epochSeconds / SECONDS_A_DAY);
}

/** A line of an order that was kept: product known, quantity not negative, price not negative. Absent numbers are let through. */
export function isPurchaseLine(events: EventColumns, e: number): boolean {
  return (
    events.kind[e] === InteractionKind.purchase &&
    events.product[e] >= 0 &&
    !(events.quantity[e] <= 0) &&
    !(events.unitPrice[e] < 0)
  );
}

/** Units of a line; one where nobody said how many. */
export function unitsOf(events: EventColumns, e: number): number {
  return events.quantity[e] > 0 ? events.quantity[e] : 1;
}
