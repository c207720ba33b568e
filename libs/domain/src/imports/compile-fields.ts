import { AttributesReader } from './attributes-reader.js';
import { ColumnSource } from './column-source.js';
import { AbsentReader, ConstantReader, type FieldReader } from './field-reader.js';
import type { SchemaField } from './import-entity.js';
import {
  isColumnField,
  isConstantField,
  isDerivedField,
  type ColumnField,
  type DerivedField,
  type FieldMapping,
} from './import-mapping.js';
import { NumberParser } from './parse-number.js';
import { TimestampParser } from './parse-timestamp.js';
import { DerivedKeyReader, IdReader, InteractionTypeReader, TextReader } from './text-readers.js';
import { IdListReader, NumberReader, TimestampReader, latestPast, rangeOf } from './value-readers.js';

/** What the readers of one file have in common. */
export interface FieldCompilation {
  /** Position of each column in a record. */
  readonly positions: ReadonlyMap<string, number>;
  readonly timeZone: string;
  readonly nowMs: number;
  /** Whether a negative price is an error of the row. */
  readonly refuseNegativePrices: boolean;
  /** Put before the names of fields in messages: `product.` in the product section. */
  readonly section: string;
}

/** Fields that say when something happened; the others, such as the end of an offer, may lie ahead. */
const PAST_FIELDS: ReadonlySet<string> = new Set(['occurredAt', 'createdAt']);

export function compileField(
  schema: SchemaField,
  mapping: FieldMapping | undefined,
  context: FieldCompilation,
): FieldReader {
  const field = context.section + schema.name;
  if (mapping === undefined) return new AbsentReader(field);
  if (isConstantField(mapping)) return new ConstantReader(field, mapping.constant);
  if (isDerivedField(mapping)) return compileDerived(field, mapping, context);
  return compileColumn(schema, field, mapping, context);
}

export function compileAttributes(
  columns: readonly string[],
  json: FieldMapping | undefined,
  context: FieldCompilation,
): FieldReader {
  const field = `${context.section}attributes`;
  if (columns.length === 0 && json === undefined) return new AbsentReader(field);
  const sources = columns.map((column) => source(field, { column }, context));
  return new AttributesReader(
    field,
    sources,
    json !== undefined && isColumnField(json) ? source(field, json, context) : undefined,
  );
}

function compileDerived(field: string, mapping: DerivedField, context: FieldCompilation): FieldReader {
  const sources = mapping.columns.map((column) => source(field, { column, trim: false }, context));
  return new DerivedKeyReader(field, sources, mapping.separator ?? '|', mapping.prefix ?? '');
}

function compileColumn(
  schema: SchemaField,
  field: string,
  mapping: ColumnField,
  context: FieldCompilation,
): FieldReader {
  const from = source(field, mapping, context);
  switch (schema.kind) {
    case 'id':
      return new IdReader(field, from, mapping.prefix);
    case 'text':
      return new TextReader(field, from);
    case 'interactionType':
      return new InteractionTypeReader(field, from);
    case 'ids':
      return new IdListReader(field, from, mapping.separator ?? ',');
    case 'json':
      return new AttributesReader(field, [], from);
    case 'timestamp': {
      const format = mapping.format ?? 'iso';
      const latest = PAST_FIELDS.has(schema.name) ? latestPast(context.nowMs) : Infinity;
      return new TimestampReader(
        field,
        from,
        new TimestampParser(format, mapping.timeZone ?? context.timeZone),
        format,
        latest,
      );
    }
    default: {
      const parser = new NumberParser(mapping.decimal, mapping.thousands, mapping.factor);
      const refuse = schema.kind === 'price' && context.refuseNegativePrices;
      return new NumberReader(field, from, parser, rangeOf(schema.kind, mapping.min, mapping.max), refuse);
    }
  }
}

function source(field: string, mapping: ColumnField, context: FieldCompilation): ColumnSource {
  return new ColumnSource(field, mapping.column, context.positions.get(mapping.column) ?? -1, mapping);
}
