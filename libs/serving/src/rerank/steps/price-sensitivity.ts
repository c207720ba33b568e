import { ELASTICITY_CLASSES } from '#libs/algorithms';
import type { StepSettings } from '#libs/domain';

/** How much of the penalty counts, by elasticity class. */
const SHARE_OF_CLASS = ELASTICITY_CLASSES.map(
  (name) => ({ unknown: 1, sensitive: 1.5, neutral: 1, insensitive: 0.5 })[name],
);

/**
 * (above / ratio) ^ strength beyond `above`, so that the penalty begins softly.
 * @param priceRatio price over the customer's mean price; NaN when either is unknown
 * @param elasticity index into ELASTICITY_CLASSES
 */
export function priceSensitivity(
  priceRatio: number,
  elasticity: number,
  { above, strength }: StepSettings<'priceSensitivity'>,
): number {
  return priceRatio > above ? (above / priceRatio) ** (strength * SHARE_OF_CLASS[elasticity]) : 1;
}
