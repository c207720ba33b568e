import type { StepSettings } from '#libs/domain';

/** @param priceRatio price over the customer's mean price; NaN when either is unknown, which hides nothing */
export function maximumPriceRatio(priceRatio: number, { ratio }: StepSettings<'maximumPriceRatio'>): number {
  return priceRatio > ratio ? 0 : 1;
}
