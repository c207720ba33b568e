import { ValidateBy } from 'class-validator';
import { DateTime } from 'luxon';

const SHAPE = /^\d{4}-\d{2}-\d{2}$/;

/** A day that the calendar has, such as 2026-11-21. */
export function IsLocalDate(): PropertyDecorator {
  return ValidateBy({
    name: 'isLocalDate',
    validator: {
      validate: (value: unknown) =>
        typeof value === 'string' && SHAPE.test(value) && DateTime.fromISO(value).isValid && value >= '1970',
      defaultMessage: () => '$property must be a date such as 2026-11-21',
    },
  });
}
