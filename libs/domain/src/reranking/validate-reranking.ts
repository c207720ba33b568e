import { InvalidInputError, type FieldError } from '../errors/nightshift-error.js';
import {
  RERANKING_NUMBERS,
  RERANKING_STEP_NAMES,
  RERANKING_STEPS,
  type RerankingOverrides,
  type RerankingStepName,
  type SettingRange,
} from './reranking-settings.js';

/** @throws InvalidInputError `invalidReranking`, naming every field that is unknown or out of range */
export function validateReranking(value: unknown): RerankingOverrides {
  if (!isObject(value)) throw new InvalidInputError('invalidReranking', 'Settings must be a JSON object.');
  const errors: FieldError[] = [];
  for (const [field, setting] of Object.entries(value)) {
    if (field === 'steps') errors.push(...stepErrors(setting));
    else if (Object.hasOwn(RERANKING_NUMBERS, field))
      errors.push(
        ...numberErrors(field, setting, RERANKING_NUMBERS[field as keyof typeof RERANKING_NUMBERS]),
      );
    else errors.push(unknown(field, ['steps', ...Object.keys(RERANKING_NUMBERS)]));
  }
  if (errors.length === 0) return value as RerankingOverrides;
  const sentences = errors.slice(0, 3).map(({ field, message }) => `${field} ${message}`);
  throw new InvalidInputError('invalidReranking', `${sentences.join('; ')}.`, errors);
}

function stepErrors(steps: unknown): FieldError[] {
  if (!isObject(steps)) return [{ field: 'steps', code: 'invalid', message: 'must be an object' }];
  return Object.entries(steps).flatMap(([name, given]) => {
    const field = `steps.${name}`;
    if (!Object.hasOwn(RERANKING_STEPS, name)) return [unknown(field, RERANKING_STEP_NAMES)];
    if (!isObject(given)) return [{ field, code: 'invalid', message: 'must be an object' }];
    return parameterErrors(field, given, RERANKING_STEPS[name as RerankingStepName].parameters);
  });
}

function parameterErrors(
  step: string,
  given: Readonly<Record<string, unknown>>,
  rules: Readonly<Record<string, SettingRange>>,
): FieldError[] {
  return Object.entries(given).flatMap(([name, setting]) => {
    const field = `${step}.${name}`;
    if (name === 'enabled')
      return typeof setting === 'boolean'
        ? []
        : [{ field, code: 'invalid', message: 'must be true or false' }];
    return Object.hasOwn(rules, name)
      ? numberErrors(field, setting, rules[name])
      : [unknown(field, ['enabled', ...Object.keys(rules)])];
  });
}

function numberErrors(field: string, setting: unknown, { min, max, whole }: SettingRange): FieldError[] {
  const fits = typeof setting === 'number' && setting >= min && setting <= max;
  if (fits && (whole === undefined || Number.isInteger(setting))) return [];
  const kind = whole === undefined ? 'a number' : 'a whole number';
  return [{ field, code: 'outOfRange', message: `must be ${kind} from ${min} to ${max}` }];
}

function unknown(field: string, known: readonly string[]): FieldError {
  return { field, code: 'unknownField', message: `is not a setting; known are ${known.join(', ')}` };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
