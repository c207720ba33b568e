import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { InvalidInputError, type FieldError } from '../errors/nightshift-error.js';
import { unstorablePaths } from '../imports/storable-text.js';
import { MOST_RULES, type Rule, type RuleKind } from './rule.js';
import { RULE_SCHEMAS } from './rule-schema.js';

const MOST_ERRORS = 50;
const ajv = new Ajv({ allErrors: true, strict: false });
const validators = Object.fromEntries(
  Object.entries(RULE_SCHEMAS).map(([kind, schema]) => [kind, ajv.compile(schema)]),
) as Record<RuleKind, ValidateFunction>;
const KINDS = Object.keys(RULE_SCHEMAS);
/** A moment with its offset: a date alone would be another one in each time zone. */
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)$/;

/** @throws InvalidInputError `invalidRules`, naming each rule by its place and the field that is wrong */
export function validateRules(value: unknown): Rule[] {
  if (!Array.isArray(value)) throw invalid([{ field: 'rules', code: 'invalid', message: 'must be a list' }]);
  if (value.length > MOST_RULES) {
    throw invalid([{ field: 'rules', code: 'tooMany', message: `must be ${MOST_RULES} at most` }]);
  }
  const errors = unstorablePaths(value).map((path) => ({
    field: `rules.${path}`,
    code: 'invalidText',
    message: 'holds a NUL character or half of a surrogate pair',
  }));
  value.forEach((rule: unknown, index) => errors.push(...ruleErrors(rule, `rules.${index}`)));
  if (errors.length === 0) errors.push(...repeatedIds(value as Rule[]));
  if (errors.length > 0) throw invalid(errors);
  return value as Rule[];
}

function ruleErrors(rule: unknown, field: string): FieldError[] {
  const kind = (rule as { kind?: unknown } | null)?.kind;
  if (typeof kind !== 'string' || !KINDS.includes(kind)) {
    return [{ field: `${field}.kind`, code: 'invalid', message: `must be one of ${KINDS.join(', ')}` }];
  }
  const validate = validators[kind as RuleKind];
  if (!validate(rule)) return (validate.errors ?? []).map((error) => toFieldError(error, field));
  return momentErrors(rule as Rule, field);
}

function momentErrors({ from, until }: Rule, field: string): FieldError[] {
  const errors = Object.entries({ from, until }).flatMap(([name, moment]) =>
    moment === undefined || (MOMENT.test(moment) && !Number.isNaN(Date.parse(moment)))
      ? []
      : [
          {
            field: `${field}.${name}`,
            code: 'invalid',
            message: 'must be a moment such as 2026-12-01T00:00:00+01:00',
          },
        ],
  );
  if (errors.length > 0 || from === undefined || until === undefined) return errors;
  return Date.parse(until) > Date.parse(from)
    ? []
    : [{ field: `${field}.until`, code: 'invalid', message: 'must be later than from' }];
}

function repeatedIds(rules: readonly Rule[]): FieldError[] {
  const seen = new Set<string>();
  return rules.flatMap(({ ruleId }, index) => {
    if (!seen.has(ruleId)) {
      seen.add(ruleId);
      return [];
    }
    return [
      { field: `rules.${index}.ruleId`, code: 'repeated', message: `names another rule as well: ${ruleId}` },
    ];
  });
}

function toFieldError(error: ErrorObject, rule: string): FieldError {
  const path = `${rule}${error.instancePath.replaceAll('/', '.').replaceAll('~1', '/').replaceAll('~0', '~')}`;
  if (error.keyword === 'additionalProperties')
    return {
      field: `${path}.${String(error.params['additionalProperty'])}`,
      code: 'unknownField',
      message: 'is not known here',
    };
  if (error.keyword === 'required')
    return {
      field: `${path}.${String(error.params['missingProperty'])}`,
      code: 'missing',
      message: 'is required',
    };
  return { field: path, code: 'invalid', message: error.message ?? 'is not valid' };
}

function invalid(errors: readonly FieldError[]): InvalidInputError {
  const sentences = errors.slice(0, 3).map(({ field, message }) => `${field} ${message}`);
  return new InvalidInputError('invalidRules', `${sentences.join('; ')}.`, errors.slice(0, MOST_ERRORS));
}
