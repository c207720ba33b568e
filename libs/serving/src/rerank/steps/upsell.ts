import type { StepSettings } from '#libs/domain';

/** Rises from 1 at the customer's mean price to 1 + factor at `upTo` times that; nothing for what is dearer still. */
export function upsell(priceRatio: number, { factor, upTo }: StepSettings<'upsell'>): number {
  return priceRatio > 1 && priceRatio <= upTo ? 1 + (factor * (priceRatio - 1)) / (upTo - 1) : 1;
}
