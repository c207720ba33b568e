import { InvalidArgumentError } from 'commander';
import { KEY_SCOPES, LIFECYCLE_STATES, type KeyScope, type LifecycleState } from '#libs/domain';

/** Usage errors: they end a command before it has connected to anything. */
export function parseWholeNumber(minimum: number, maximum: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= minimum && value <= maximum) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${minimum} to ${maximum}.`);
  };
}

/** The end of that day, UTC, which must be over. */
export function parsePastDate(text: string): Date {
  const date = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T24:00:00Z`) : new Date(Number.NaN);
  if (date.getTime() <= Date.now()) return date;
  throw new InvalidArgumentError('It must be a day that is over, as 2026-01-31.');
}

export function parseScopes(text: string): KeyScope[] {
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.filter((name) => !(KEY_SCOPES as readonly string[]).includes(name));
  if (unknown.length === 0) return KEY_SCOPES.filter((scope) => names.includes(scope));
  throw new InvalidArgumentError(`Scopes are ${KEY_SCOPES.join(', ')}, separated by commas.`);
}

export const parseState: (text: string) => LifecycleState = (text) => parseOneOf(LIFECYCLE_STATES)(text);

export function parseOneOf<T extends string>(values: readonly T[]): (text: string) => T {
  return (text) => {
    const value = values.find((candidate) => candidate === text);
    if (value === undefined) throw new InvalidArgumentError(`It must be one of ${values.join(', ')}.`);
    return value;
  };
}

export function parseJsonObject(text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // Said below, in the same words as for JSON that is no object.
  }
  throw new InvalidArgumentError('It must be a JSON object.');
}
