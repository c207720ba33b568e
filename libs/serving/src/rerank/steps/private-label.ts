import type { StepSettings } from '#libs/domain';

export function privateLabel(isOwnBrand: boolean, { bonus }: StepSettings<'privateLabel'>): number {
  return isOwnBrand ? 1 + bonus : 1;
}
