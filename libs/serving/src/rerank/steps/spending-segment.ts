import type { StepSettings } from '#libs/domain';

const MOST_LIFT = 2;

/** @param lift how much more often than everybody the customer's segment buys in the product's price tier; NaN when unknown */
export function spendingSegment(lift: number, { weight }: StepSettings<'spendingSegment'>): number {
  return Number.isNaN(lift) ? 1 : 1 + weight * (Math.min(lift, MOST_LIFT) - 1);
}
