import type { StepSettings } from '#libs/domain';

/**
 * 0 while the customer still has enough of it, more than 1 when it is due again.
 * @param elapsedDays since the customer last bought the product; NaN when never
 * @param cycleDays usual days until it is bought again; NaN when nobody knows
 */
export function repurchaseCycle(
  elapsedDays: number,
  cycleDays: number,
  { hiddenShare, dueBonus, dueFrom, dueUntil }: StepSettings<'repurchaseCycle'>,
): number {
  const share = elapsedDays / cycleDays;
  if (share < hiddenShare) return 0;
  return share >= dueFrom && share <= dueUntil ? 1 + dueBonus : 1;
}
