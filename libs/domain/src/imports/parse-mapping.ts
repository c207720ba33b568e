import { Ajv, type ErrorObject } from 'ajv';
import { InvalidInputError, type FieldError } from '../errors/nightshift-error.js';
import { checkMapping } from './check-mapping.js';
import type { ImportMapping } from './import-mapping.js';
import { MAPPING_SCHEMA } from './mapping-schema.js';
import { unstorablePaths } from './storable-text.js';

const MOST_ERRORS = 50;
const validate = new Ajv({ allErrors: true, strict: false }).compile<ImportMapping>(MAPPING_SCHEMA);

/** Turns untrusted JSON into a mapping, or throws with every mistake and its path in the mapping. */
export function parseImportMapping(value: unknown): ImportMapping {
  const unstorable = unstorablePaths(value);
  if (unstorable.length > 0) {
    const message = 'This holds a NUL character or half of a surrogate pair.';
    throw invalidMapping(unstorable.map((field) => ({ field, code: 'invalidText', message })));
  }
  if (!validate(value)) {
    throw invalidMapping((validate.errors ?? []).filter((error) => !isPartOfOneOf(error)).map(toFieldError));
  }
  const errors = checkMapping(value);
  if (errors.length > 0) throw invalidMapping(errors);
  return value;
}

/** The same from a text: a file or a header. */
export function parseImportMappingText(json: string): ImportMapping {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new InvalidInputError('invalidMapping', `The mapping is not JSON: ${(error as Error).message}`);
  }
  return parseImportMapping(value);
}

function invalidMapping(errors: readonly FieldError[]): InvalidInputError {
  const first = errors.slice(0, 3).map((error) => `${error.field}: ${error.message}`);
  return new InvalidInputError(
    'invalidMapping',
    `The mapping is not valid. ${first.join(' ')}`,
    errors.slice(0, MOST_ERRORS),
  );
}

// The three branches of "column, constant or columns" each complain; the sentence of the oneOf itself is the useful one.
const isPartOfOneOf = (error: ErrorObject): boolean => error.schemaPath.includes('/oneOf/');

function toFieldError(error: ErrorObject): FieldError {
  const path = error.instancePath.slice(1).replaceAll('/', '.').replaceAll('~1', '/').replaceAll('~0', '~');
  if (error.keyword === 'additionalProperties') {
    const name = String(error.params['additionalProperty']);
    return {
      field: path === '' ? name : `${path}.${name}`,
      code: 'unknownOption',
      message: 'There is no such option.',
    };
  }
  if (error.keyword === 'required') {
    const name = String(error.params['missingProperty']);
    return { field: path === '' ? name : `${path}.${name}`, code: 'missing', message: 'This is required.' };
  }
  return { field: path === '' ? '(mapping)' : path, code: 'invalidOption', message: sentence(error) };
}

function sentence(error: ErrorObject): string {
  if (error.keyword === 'oneOf') return 'This needs exactly one of column, constant or columns.';
  if (error.keyword === 'enum') {
    const allowed = (error.params['allowedValues'] as readonly unknown[]).map((value) =>
      JSON.stringify(value),
    );
    return `This must be one of ${allowed.join(', ')}.`;
  }
  return `This ${error.message ?? 'is not valid'}.`;
}
