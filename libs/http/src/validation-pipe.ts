import { ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { InvalidInputError, type FieldError } from '#libs/domain';

/** Checks DTOs at the boundary: an unknown field is refused by name instead of being dropped in silence. */
export function createValidationPipe(): ValidationPipe {
  return new ValidationPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    transform: true,
    // A caller's own object must not come back to them in an error, nor into the logs.
    validationError: { target: false, value: false },
    exceptionFactory: (errors) => invalidFields(errors.flatMap((error) => fieldErrors(error, ''))),
  });
}

function invalidFields(fields: readonly FieldError[]): InvalidInputError {
  const detail =
    fields.length === 0 ? 'The request is not valid.' : fields.map((field) => field.message).join('; ');
  return new InvalidInputError('invalidFields', capitalised(detail), fields);
}

function fieldErrors(error: ValidationError, prefix: string): FieldError[] {
  const field = prefix + error.property;
  const own = Object.entries(error.constraints ?? {}).map(([rule, message]) =>
    rule === 'whitelistValidation'
      ? { field, code: 'unknownField', message: `${field} is not a known field` }
      : { field, code: rule, message },
  );
  const nested = (error.children ?? []).flatMap((child) => fieldErrors(child, `${field}.`));
  return [...own, ...nested];
}

function capitalised(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
