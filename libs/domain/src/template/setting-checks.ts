import type { FieldError } from '../errors/nightshift-error.js';

/** What is wrong with a value, as the end of a sentence that its name begins. */
export type Check = (value: unknown) => string | undefined;

export function within(min: number, max: number, whole = false): Check {
  const kind = whole ? 'a whole number' : 'a number';
  return (value) =>
    typeof value === 'number' && value >= min && value <= max && (!whole || Number.isInteger(value))
      ? undefined
      : `must be ${kind} from ${min} to ${max}.`;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function problemsOf(
  value: Readonly<Record<string, unknown>>,
  checks: Readonly<Record<string, Check>>,
  prefix: string,
): FieldError[] {
  return Object.entries(value).flatMap(([name, setting]) => {
    const message = Object.hasOwn(checks, name)
      ? checks[name](setting)
      : `is not a setting; known are ${Object.keys(checks).join(', ')}.`;
    return message === undefined ? [] : [{ field: `${prefix}${name}`, code: 'invalid', message }];
  });
}
