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
  const complete = descriptions.map(({ name, type, default: fallback, min, max }) => {
    const value = given[name] ?? fallback;
    const isValid = typeof value === 'number' && value >= min && value <= max;
    if (!isValid || (type === 'integer' && !Number.isInteger(value))) {
      const kind = type === 'integer' ? 'an integer' : 'a number';
      throw new AlgorithmRangeError(
        'PARAMETER_INVALID',
        prefix + name,
        `${String(value)} is not ${kind} in [${min}, ${max}]`,
      );
    }
    return [name, value];
  });
  return Object.fromEntries(complete) as P;
}
