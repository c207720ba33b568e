import type { StepSettings } from '#libs/domain';

/** @param margin share of the price that is earned; NaN when unknown, which counts as the mean */
export function margin(margin: number, meanMargin: number, { weight }: StepSettings<'margin'>): number {
  return Number.isNaN(margin) ? 1 : Math.max(0, 1 + weight * (margin - meanMargin));
}
