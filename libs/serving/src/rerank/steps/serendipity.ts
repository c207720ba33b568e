import type { StepSettings } from '#libs/domain';

/** @param categoryShare share of the customer's purchases in the product's category; NaN when either is unknown */
export function serendipity(categoryShare: number, { weight }: StepSettings<'serendipity'>): number {
  return Number.isNaN(categoryShare) ? 1 : 1 + weight * (1 - categoryShare);
}
