import type { StepSettings } from '#libs/domain';

/**
 * ((1 + typical) / (1 + buyers)) ^ exponent.
 * @param typicalBuyers median over products that anybody has bought
 */
export function popularityDebiasing(
  buyers: number,
  typicalBuyers: number,
  { exponent }: StepSettings<'popularityDebiasing'>,
): number {
  return ((1 + typicalBuyers) / (1 + buyers)) ** exponent;
}
