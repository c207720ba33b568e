import { AlgorithmRangeError } from '../errors.js';
import type { ParameterDescription } from './algorithm.js';

/** Refuses what is no plain object. */
export function requireObject(params: unknown, field: string): Record<string, unknown> {
  if (typeof params !== 'object' || params === null || Array.isArray(params)) {
    throw new AlgorithmRangeError('PARAMETER_INVALID', field, 'is not an object');
  }
  return params as Record<string, unknown>;
}

/** Refuses keys that no parameter has: a misspelt one would otherwise pass for its default. */
export function refuseUnknownKeys(
  params: Record<string, unknown>,
  known: readonly string[],
  prefix = '',
): void {
  for (const key of Object.keys(params)) {
    if (!known.includes(key))
      throw new AlgorithmRangeError('PARAMETER_INVALID', prefix + key, 'is no parameter');
  }
}

/** The default value of each described parameter. */
export function defaultsOf<P extends object>(descriptions: readonly ParameterDescription[]): P {
  return Object.fromEntries(descriptions.map(({ name, default: value }) => [name, value])) as P;
}

/**
 * Complete flat parameters, keys in the order of the descriptions (so that serialised parameters are canonical).
 * @throws AlgorithmRangeError PARAMETER_INVALID naming the field
 */
export function validateParameters<P extends object>(
  descriptions: readonly ParameterDescription[],
  params: unknown,
  prefix = '',
): P {
  const given = requireObject(params, prefix === '' ? 'params' : prefix.slice(0, -1));
  refuseUnknownKeys(
    given,
    descriptions.map(({ name }) => name),
    prefix,
  );
  const complete = descriptions.map((description) => {
    const value = given[description.name] ?? description.default;
    if (!isLegal(description, value)) {
      throw new AlgorithmRangeError(
        'PARAMETER_INVALID',
        prefix + description.name,
        `${wordsOf(value)} is not ${expectationOf(description)}`,
      );
    }
    return [description.name, value];
  });
  return Object.fromEntries(complete) as P;
}

/** NaN is illegal: it compares false with both bounds. */
function isLegal(description: ParameterDescription, value: unknown): boolean {
  if (description.type === 'choice') return description.choices.includes(value as string);
  const isWithin = typeof value === 'number' && value >= description.min && value <= description.max;
  return isWithin && (description.type === 'number' || Number.isInteger(value));
}

function wordsOf(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function expectationOf(description: ParameterDescription): string {
  if (description.type === 'choice') return `one of ${description.choices.join(', ')}`;
  const { type, min, max } = description;
  return `${type === 'integer' ? 'an integer' : 'a number'} in [${min}, ${max}]`;
}
