import { ValidateBy } from 'class-validator';

const MOST_TRAITS = 50;
const MOST_VALUES = 200;
const LONGEST = 200;

/** An object of texts, numbers and booleans. */
export function IsTraits(): PropertyDecorator {
  return checkedBy('isTraits', isTrait, 'must be an object of texts, numbers and booleans, 50 at most');
}

/** An object of lists of them. */
export function IsTraitLists(): PropertyDecorator {
  const isList = (value: unknown) =>
    Array.isArray(value) && value.length > 0 && value.length <= MOST_VALUES && value.every(isTrait);
  return checkedBy('isTraitLists', isList, 'must be an object of lists of texts, numbers and booleans');
}

function checkedBy(name: string, fits: (value: unknown) => boolean, message: string): PropertyDecorator {
  const validate = (value: unknown) =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.keys(value).length <= MOST_TRAITS &&
    Object.entries(value).every(([key, one]) => key.length <= LONGEST && fits(one));
  return ValidateBy({ name, validator: { validate, defaultMessage: () => `$property ${message}` } });
}

function isTrait(value: unknown): boolean {
  if (typeof value === 'string') return value.length <= LONGEST;
  return typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value));
}
