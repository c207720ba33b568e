import type { StepSettings } from '#libs/domain';

/** @param percentile share of the catalogue that is cheaper, relative on purpose: inflation does not move it; NaN unknown */
export function priceBoost(percentile: number, { weight }: StepSettings<'priceBoost'>): number {
  return Number.isNaN(percentile) ? 1 : 1 + weight * (2 * percentile - 1);
}
