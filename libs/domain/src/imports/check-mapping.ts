import { DateTime, IANAZone } from 'luxon';
import type { FieldError } from '../errors/nightshift-error.js';
import {
  ENTITY_FIELDS,
  ENTITY_KEY,
  INTERACTION_TYPES,
  type FieldKind,
  type ImportEntity,
  type SchemaField,
} from './import-entity.js';
import {
  isColumnField,
  isConstantField,
  isDerivedField,
  type ColumnField,
  type DerivedField,
  type FieldMapping,
  type ImportMapping,
  type StubMapping,
} from './import-mapping.js';
import { nearestName } from './nearest-name.js';

const NUMBER_KINDS: readonly FieldKind[] = ['number', 'price', 'share', 'rating'];
const TEXT_KINDS: readonly FieldKind[] = ['id', 'text'];
const OPTIONS_OF_KINDS: Readonly<Record<string, readonly FieldKind[]>> = {
  decimal: NUMBER_KINDS,
  thousands: NUMBER_KINDS,
  factor: NUMBER_KINDS,
  min: NUMBER_KINDS,
  max: NUMBER_KINDS,
  format: ['timestamp'],
  timeZone: ['timestamp'],
  prefix: ['id'],
  separator: ['ids', 'id', 'text'],
};

/** Everything about a mapping that its JSON Schema cannot say; empty when all is well. */
export function checkMapping(mapping: ImportMapping): FieldError[] {
  const errors = new MappingErrors();
  checkFormat(mapping, errors);
  checkZone(mapping.timeZone, 'timeZone', errors);
  for (const [name, field] of Object.entries(mapping.fields))
    checkField(mapping.entity, name, field, `fields.${name}`, errors);
  for (const field of ENTITY_FIELDS[mapping.entity]) {
    if (field.required && !Object.hasOwn(mapping.fields, field.name)) {
      errors.add(`fields.${field.name}`, 'missing', `Every row of ${mapping.entity} needs a ${field.name}.`);
    }
  }
  checkOptionsOfInteractions(mapping, errors);
  if (mapping.attributes !== undefined && !hasAttributes(mapping.entity)) {
    errors.add(
      'attributes',
      'unsuitable',
      'Only customers and products have attributes; here they go into product or customer.',
    );
  }
  checkStub(mapping.product, 'products', 'product', errors);
  checkStub(mapping.customer, 'customers', 'customer', errors);
  return errors.found;
}

class MappingErrors {
  readonly found: FieldError[] = [];

  add(field: string, code: string, message: string): void {
    this.found.push({ field, code, message });
  }
}

const hasAttributes = (entity: ImportEntity): boolean => entity === 'customers' || entity === 'products';

function checkFormat({ format }: ImportMapping, errors: MappingErrors): void {
  if (format.type !== 'csv') {
    for (const option of ['delimiter', 'quote', 'encoding', 'header', 'columns']) {
      if (Object.hasOwn(format, option))
        errors.add(`format.${option}`, 'unsuitable', `A ${format.type} file has no such option.`);
    }
    return;
  }
  if (format.header === false && format.columns === undefined) {
    errors.add('format.columns', 'missing', 'A file without a header needs the names of its columns.');
  }
  if (format.header !== false && format.columns !== undefined) {
    errors.add(
      'format.columns',
      'unsuitable',
      'The header names the columns; say "header": false if there is none.',
    );
  }
  for (const option of ['delimiter', 'quote'] as const) {
    if (/[\r\n\0\ufeff]/.test(format[option] ?? ''))
      errors.add(`format.${option}`, 'invalidOption', 'A line break cannot be used here.');
  }
  if ((format.delimiter ?? ',') === (format.quote === undefined ? '"' : format.quote)) {
    errors.add('format.quote', 'invalidOption', 'The quote and the delimiter must differ.');
  }
}

function checkOptionsOfInteractions(mapping: ImportMapping, errors: MappingErrors): void {
  if (mapping.entity === 'interactions') return;
  for (const option of ['product', 'customer', 'returnsWhen', 'negativePrice'] as const) {
    if (mapping[option] !== undefined)
      errors.add(option, 'unsuitable', 'Only interactions have this option.');
  }
}

function checkStub(
  stub: StubMapping | undefined,
  entity: ImportEntity,
  path: string,
  errors: MappingErrors,
): void {
  for (const [name, field] of Object.entries(stub?.fields ?? {})) {
    if (name === ENTITY_KEY[entity]) {
      errors.add(`${path}.fields.${name}`, 'unsuitable', `The ${name} comes from the row itself.`);
    } else checkField(entity, name, field, `${path}.fields.${name}`, errors, true);
  }
}

function checkField(
  entity: ImportEntity,
  name: string,
  field: FieldMapping,
  path: string,
  errors: MappingErrors,
  stub = false,
): void {
  const schema = ENTITY_FIELDS[entity].find((candidate) => candidate.name === name);
  if (schema === undefined) {
    const names = ENTITY_FIELDS[entity].map((candidate) => candidate.name);
    const nearest = nearestName(name, names);
    errors.add(
      path,
      'unknownField',
      `${entity} have no such field${nearest === undefined ? '' : `; did you mean ${nearest}`}. They have ${names.join(', ')}.`,
    );
    return;
  }
  for (const option of Object.keys(field)) {
    const kinds = OPTIONS_OF_KINDS[option];
    if (kinds !== undefined && !kinds.includes(schema.kind))
      errors.add(`${path}.${option}`, 'unsuitable', `A ${schema.kind} has no such option.`);
  }
  if (isConstantField(field)) checkConstant(schema, field.constant, path, errors);
  if (isDerivedField(field)) checkDerived(schema, field, path, errors);
  if (isColumnField(field)) checkColumn(schema, field, path, errors, stub);
}

function checkConstant(
  schema: SchemaField,
  constant: string | number,
  path: string,
  errors: MappingErrors,
): void {
  checkUnrelated(path, { constant }, ['constant'], errors);
  if (schema.kind === 'interactionType' && !isInteractionType(constant)) {
    errors.add(`${path}.constant`, 'invalidOption', `A type is one of ${INTERACTION_TYPES.join(', ')}.`);
  }
  if (NUMBER_KINDS.includes(schema.kind) && typeof constant !== 'number') {
    errors.add(`${path}.constant`, 'invalidOption', 'This must be a number.');
  }
  if (schema.kind === 'timestamp' || schema.kind === 'ids' || schema.kind === 'json') {
    errors.add(path, 'unsuitable', `A ${schema.kind} cannot be a constant.`);
  }
}

function checkDerived(schema: SchemaField, field: DerivedField, path: string, errors: MappingErrors): void {
  checkUnrelated(path, field, ['columns', 'separator', 'prefix', 'occurrence'], errors);
  if (!TEXT_KINDS.includes(schema.kind))
    errors.add(path, 'unsuitable', `A ${schema.kind} cannot be made of several columns.`);
  if (field.occurrence !== undefined && schema.name !== 'eventId') {
    errors.add(`${path}.occurrence`, 'unsuitable', 'Only an eventId can count occurrences.');
  }
}

function checkColumn(
  schema: SchemaField,
  field: ColumnField,
  path: string,
  errors: MappingErrors,
  stub: boolean,
): void {
  checkZone(field.timeZone, `${path}.timeZone`, errors);
  if (Object.hasOwn(field, 'occurrence'))
    errors.add(`${path}.occurrence`, 'unsuitable', 'Only a key made of columns can count occurrences.');
  if (field.when !== undefined && !stub)
    errors.add(`${path}.when`, 'unsuitable', 'Only fields of product and customer have this option.');
  if (field.otherwise !== undefined && field.values === undefined)
    errors.add(`${path}.otherwise`, 'unsuitable', 'This needs values.');
  if (field.thousands !== undefined && field.thousands === (field.decimal ?? '.')) {
    errors.add(
      `${path}.thousands`,
      'invalidOption',
      'The separators of decimals and of thousands must differ.',
    );
  }
  if (field.separator !== undefined && schema.kind !== 'ids')
    errors.add(`${path}.separator`, 'unsuitable', `A ${schema.kind} from one column has no separator.`);
  if (schema.kind === 'interactionType') {
    for (const [from, to] of Object.entries(field.values ?? {})) {
      if (!isInteractionType(to))
        errors.add(
          `${path}.values.${from}`,
          'invalidOption',
          `A type is one of ${INTERACTION_TYPES.join(', ')}.`,
        );
    }
  }
  if (field.format !== undefined) checkDateFormat(field.format, `${path}.format`, errors);
}

function checkUnrelated(
  path: string,
  field: object,
  allowed: readonly string[],
  errors: MappingErrors,
): void {
  for (const option of Object.keys(field)) {
    if (!allowed.includes(option))
      errors.add(`${path}.${option}`, 'unsuitable', `This does not go together with ${allowed[0]}.`);
  }
}

function checkZone(zone: string | undefined, path: string, errors: MappingErrors): void {
  if (zone !== undefined && !IANAZone.isValidZone(zone)) {
    errors.add(
      path,
      'invalidOption',
      `There is no time zone ${JSON.stringify(zone)}; names are like Europe/London.`,
    );
  }
}

/** A format that cannot read back what it writes could never read a file. */
function checkDateFormat(format: string, path: string, errors: MappingErrors): void {
  if (format === 'iso' || format === 'epochSeconds' || format === 'epochMilliseconds') return;
  const sample = DateTime.fromISO('2011-11-25T13:45:00', { zone: 'utc', locale: 'en' });
  const readBack = DateTime.fromFormat(sample.toFormat(format), format, { zone: 'utc', locale: 'en' });
  if (!readBack.isValid || readBack.year !== sample.year) {
    errors.add(
      path,
      'invalidOption',
      'This is no date format: use iso, epochSeconds, epochMilliseconds or Luxon tokens such as dd/MM/yyyy HH:mm.',
    );
  }
}

const isInteractionType = (value: unknown): boolean =>
  (INTERACTION_TYPES as readonly unknown[]).includes(value);
