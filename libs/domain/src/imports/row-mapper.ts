import { compileAttributes, compileField, type FieldCompilation } from './compile-fields.js';
import { AbsentReader, type FieldReader } from './field-reader.js';
import { ENTITY_FIELDS, ENTITY_KEY, fieldIndex, type ImportEntity, type MappedRow } from './import-entity.js';
import {
  isColumnField,
  isDerivedField,
  type FieldMapping,
  type ImportMapping,
  type StubMapping,
} from './import-mapping.js';
import { InteractionRules, noCounts, type InteractionCounts } from './interaction-rules.js';
import type { RowErrorCollector } from './row-error.js';
import { StubCollector } from './stub-collector.js';

const TYPE = fieldIndex('interactions', 'type');
const CUSTOMER = fieldIndex('interactions', 'customerId');
const PRODUCT = fieldIndex('interactions', 'productId');
const OCCURRED_AT = fieldIndex('interactions', 'occurredAt');
const PRICE = fieldIndex('interactions', 'unitPrice');

/** Turns the records of one file into rows of the universal schema. Made once per file: no closure, no schema check per row. */
export class RowMapper {
  /** The row mapped last; the next one overwrites it. */
  readonly row: MappedRow;
  readonly counts: InteractionCounts = noCounts();
  readonly stubs: readonly StubCollector[];
  /** Fields that the mapping fills. */
  readonly provided: readonly string[];
  readonly countsOccurrences: boolean;

  private readonly readers: readonly FieldReader[];
  private readonly required: readonly boolean[];
  private readonly columnOf: readonly (string | undefined)[];
  private readonly rules: InteractionRules | undefined;
  private readonly products: StubCollector | undefined;
  private readonly customers: StubCollector | undefined;

  constructor(mapping: ImportMapping, columns: readonly string[], nowMs: number) {
    const schema = ENTITY_FIELDS[mapping.entity];
    const context = compilation(mapping, columns, nowMs);
    this.readers = compileFields(mapping.entity, mapping.fields, mapping.attributes, context);
    this.required = schema.map((field) => field.required);
    this.columnOf = schema.map((field) => columnName(mapping.fields[field.name]));
    this.row = schema.map(() => null);
    this.provided = schema
      .filter((_, index) => !(this.readers[index] instanceof AbsentReader))
      .map((field) => field.name);
    const eventId = mapping.fields['eventId'];
    this.countsOccurrences = eventId !== undefined && isDerivedField(eventId) && eventId.occurrence === true;
    if (mapping.entity === 'interactions') {
      this.rules = new InteractionRules(mapping);
      this.products = collector('products', mapping.product, {
        ...context,
        section: 'product.',
        refuseNegativePrices: true,
      });
      this.customers = collector('customers', mapping.customer, { ...context, section: 'customer.' });
    }
    this.stubs = [this.products, this.customers].filter((stub) => stub !== undefined);
  }

  /** Whether the record is a good row; if so it stands in {@link row}, if not `errors` says why. */
  map(values: readonly unknown[], errors: RowErrorCollector): boolean {
    const { readers, row } = this;
    for (let index = 0; index < readers.length; index += 1) {
      row[index] = (readers[index] as FieldReader).read(values, errors);
    }
    this.checkRequired(errors);
    if (this.rules === undefined) return !errors.any;
    this.rules.apply(row, errors);
    const priced = row[TYPE] === 'purchase' && typeof row[PRICE] === 'number' && row[PRICE] > 0;
    this.products?.read(values, priced, errors);
    if (row[CUSTOMER] !== null) this.customers?.read(values, priced, errors);
    if (errors.any) return false;
    this.rules.count(row, this.counts);
    const occurredAt = row[OCCURRED_AT] as number;
    this.products?.keep(row[PRODUCT] as string, occurredAt);
    if (row[CUSTOMER] !== null) this.customers?.keep(row[CUSTOMER] as string, occurredAt);
    return true;
  }

  private checkRequired(errors: RowErrorCollector): void {
    for (let index = 0; index < this.row.length; index += 1) {
      if (this.row[index] !== null || this.required[index] !== true) continue;
      const field = (this.readers[index] as FieldReader).field;
      // A value that was there and wrong has been reported already.
      if (!errors.has(field)) errors.add('missing', `The ${field} is missing.`, field, this.columnOf[index]);
    }
  }
}

function compilation(mapping: ImportMapping, columns: readonly string[], nowMs: number): FieldCompilation {
  return {
    positions: new Map(columns.map((column, index) => [column, index])),
    timeZone: mapping.timeZone ?? 'UTC',
    nowMs,
    refuseNegativePrices: mapping.negativePrice !== 'refund',
    section: '',
  };
}

function compileFields(
  entity: ImportEntity,
  fields: Readonly<Record<string, FieldMapping>>,
  attributes: readonly string[] | undefined,
  context: FieldCompilation,
): readonly FieldReader[] {
  return ENTITY_FIELDS[entity].map((schema) =>
    schema.kind === 'json'
      ? compileAttributes(attributes ?? [], fields[schema.name], context)
      : compileField(schema, fields[schema.name], context),
  );
}

function collector(
  entity: 'products' | 'customers',
  mapping: StubMapping | undefined,
  context: FieldCompilation,
): StubCollector {
  const fields = mapping?.fields ?? {};
  const readers = compileFields(entity, fields, mapping?.attributes, context);
  const schema = ENTITY_FIELDS[entity];
  return new StubCollector(
    entity,
    schema
      .map(({ name }, index) => ({
        name,
        reader: readers[index] as FieldReader,
        pricedPurchaseOnly: isPricedOnly(fields[name]),
      }))
      .filter(({ name }) => name !== ENTITY_KEY[entity]),
  );
}

const isPricedOnly = (field: FieldMapping | undefined): boolean =>
  field !== undefined && isColumnField(field) && field.when === 'pricedPurchase';

function columnName(field: FieldMapping | undefined): string | undefined {
  if (field === undefined) return undefined;
  if (isColumnField(field)) return field.column;
  return isDerivedField(field) ? field.columns.join('+') : undefined;
}
