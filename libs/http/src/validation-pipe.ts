import { ValidationPipe, type ArgumentMetadata } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import { InvalidInputError, type FieldError } from '#libs/domain';
import { checkShape } from './check-shape.js';

/** An answer has to stay readable, however much was wrong with the request. */
const MOST_ERRORS = 20;
const MOST_SENTENCES = 3;

const TYPE_RULES: ReadonlySet<string> = new Set([
  'isString',
  'isInt',
  'isNumber',
  'isBoolean',
  'isArray',
  'isObject',
  'isDate',
  'isDateString',
  'isIso8601',
]);

class BoundaryPipe extends ValidationPipe {
  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    // What a decorator of ours puts in (the tenant, say) is no input.
    if (metadata.type !== 'custom') checkShape(value);
    const checked: unknown = await super.transform(value, metadata);
    return metadata.type === 'custom' ? checked : withoutNulls(checked);
  }
}

/** Validation lets null pass for what is optional: the same as leaving it out, and handlers need not know both. */
function withoutNulls(checked: unknown): unknown {
  if (typeof checked !== 'object' || checked === null || Array.isArray(checked)) return checked;
  for (const [name, value] of Object.entries(checked))
    if (value === null) (checked as Record<string, unknown>)[name] = undefined;
  return checked;
}

/** Checks DTOs at the boundary: an unknown field is refused by name instead of being dropped in silence. */
export function createValidationPipe(): ValidationPipe {
  return new BoundaryPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    transform: true,
    // A caller's own object must not come back to them in an error, nor into the logs.
    validationError: { target: false, value: false },
    exceptionFactory: (errors) => invalidFields(errors.flatMap((error) => fieldErrors(error, ''))),
  });
}

function invalidFields(fields: readonly FieldError[]): InvalidInputError {
  const sentences = fields.slice(0, MOST_SENTENCES).map((field) => field.message);
  if (fields.length > MOST_SENTENCES) sentences.push(`and ${fields.length - MOST_SENTENCES} more`);
  const detail = sentences.length === 0 ? 'The request is not valid' : sentences.join('; ');
  return new InvalidInputError('invalidFields', capitalised(detail), fields.slice(0, MOST_ERRORS));
}

function fieldErrors(error: ValidationError, prefix: string): FieldError[] {
  const field = prefix + error.property;
  const own = telling(Object.entries(error.constraints ?? {})).map(([rule, message]) =>
    rule === 'whitelistValidation'
      ? { field, code: 'unknownField', message: `${field} is not a known field` }
      : { field, code: rule, message: named(message, error.property, field) },
  );
  const nested = (error.children ?? []).flatMap((child) => fieldErrors(child, `${field}.`));
  return [...own, ...nested];
}

/** A value of the wrong type breaks every other rule of its field too, and none of those says anything more. */
function telling(failed: readonly [string, string][]): readonly [string, string][] {
  const ofType = failed.filter(([rule]) => TYPE_RULES.has(rule));
  return ofType.length > 0 ? ofType : failed;
}

/** class-validator knows a nested field by its last name only. */
function named(message: string, property: string, field: string): string {
  return message.startsWith(`${property} `) ? field + message.slice(property.length) : message;
}

function capitalised(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
