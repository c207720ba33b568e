import type { StepSettings } from '#libs/domain';

/** @param discount share of the price that is off now; NaN when the product is not on promotion */
export function promotion(discount: number, { weight }: StepSettings<'promotion'>): number {
  return Number.isNaN(discount) ? 1 : 1 + weight * discount;
}
