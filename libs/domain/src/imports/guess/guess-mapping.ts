import { ENTITY_FIELDS, IMPORT_ENTITIES, INTERACTION_TYPES, type ImportEntity } from '../import-entity.js';
import type { ColumnField, FieldMapping, FileFormat, ImportMapping, StubMapping } from '../import-mapping.js';
import { FIELD_NAMES, STUB_NAMES } from './field-names.js';
import { guessDateFormat, guessNumberStyle } from './guess-values.js';

/** The beginning of a file, as text. */
export interface FileSample {
  readonly format: FileFormat;
  readonly columns: readonly string[];
  /** What stands in a column, without the empty ones. */
  readonly valuesOf: (column: string) => readonly string[];
}

const DELIMITERS = [',', ';', '\t', '|'] as const;

/** By the first line alone: the mark that stands there most often, outside of quotes. */
export function guessFormat(text: string): FileFormat {
  const start = text.trimStart();
  if (start.startsWith('{')) return { type: 'ndjson' };
  const line = (start.split(/\r?\n/, 1)[0] ?? '').replaceAll(/"[^"]*"/g, '');
  const counts = DELIMITERS.map((mark) => line.split(mark).length - 1);
  const delimiter = DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ',';
  return delimiter === ',' ? { type: 'csv' } : { type: 'csv', delimiter };
}

/** A mapping to start from: by the names of the columns and by what stands in them. A person looks at it before it is used. */
export function guessMapping(sample: FileSample, timeZone: string, entity?: ImportEntity): ImportMapping {
  const chosen = entity ?? guessEntity(sample);
  const fields = fieldsOf(sample, chosen);
  if (chosen !== 'interactions') return { entity: chosen, format: sample.format, timeZone, fields };
  const { product, customer } = stubsOf(sample, fields);
  return {
    ...{ entity: chosen, format: sample.format, timeZone, fields: completed(fields) },
    ...{ returnsWhen: 'negativeQuantity' as const, negativePrice: 'refund' as const },
    ...(product === undefined ? {} : { product }),
    ...(customer === undefined ? {} : { customer }),
  };
}

type Fields = Record<string, FieldMapping>;
const normalised = (name: string): string => name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');

function guessEntity(sample: FileSample): ImportEntity {
  const has = (entity: ImportEntity, field: string) =>
    columnFor(sample.columns, FIELD_NAMES[entity][field] ?? []) !== undefined;
  const names = sample.columns.map(normalised);
  const offers = names.some((name) => name.startsWith('offer'));
  const promotions = names.some((name) => /^(promo|campaign)/.test(name));
  const acts = ['occurredAt', 'quantity', 'orderId', 'type', 'rating'];
  if (has('interactions', 'productId') && acts.some((field) => has('interactions', field)) && !offers)
    return 'interactions';
  if (offers) return 'offers';
  if (promotions) return 'promotions';
  const known = ({ name }: { name: string }, of: ImportEntity) => has(of, name);
  const score = (of: ImportEntity) => ENTITY_FIELDS[of].filter((field) => known(field, of)).length;
  const candidates = (['products', 'customers'] as const).filter((of) =>
    known({ name: of === 'products' ? 'productId' : 'customerId' }, of),
  );
  return [...candidates].sort((a, b) => score(b) - score(a))[0] ?? IMPORT_ENTITIES[0];
}

function fieldsOf(sample: FileSample, entity: ImportEntity): Fields {
  const fields: Fields = {};
  const free = [...sample.columns];
  for (const { name, kind } of ENTITY_FIELDS[entity]) {
    const column =
      columnFor(free, FIELD_NAMES[entity][name] ?? []) ??
      (name === 'occurredAt' ? free.find((one) => guessDateFormat(sample.valuesOf(one))) : undefined);
    if (column === undefined) continue;
    free.splice(free.indexOf(column), 1);
    fields[name] = mappingOf(column, kind, sample.valuesOf(column));
  }
  return fields;
}

function columnFor(columns: readonly string[], names: readonly string[]): string | undefined {
  const byName = new Map(columns.map((column) => [normalised(column), column]));
  const name = names.find((candidate) => byName.has(candidate));
  return name === undefined ? undefined : byName.get(name);
}

function mappingOf(column: string, kind: string, values: readonly string[]): ColumnField {
  if (kind === 'timestamp') {
    const format = guessDateFormat(values);
    return format === undefined || format === 'iso' ? { column } : { column, format };
  }
  if (['number', 'price', 'share', 'rating'].includes(kind)) return { column, ...guessNumberStyle(values) };
  if (kind === 'interactionType') return { column, ...typesOf(values) };
  return { column };
}

const TYPES: Readonly<Record<string, (typeof INTERACTION_TYPES)[number]>> = {
  ...{ buy: 'purchase', bought: 'purchase', order: 'purchase', ordered: 'purchase', sale: 'purchase' },
  ...{
    purchased: 'purchase',
    kauf: 'purchase',
    transaction: 'purchase',
    refund: 'return',
    returned: 'return',
  },
  ...{ viewed: 'view', pageview: 'view', detailview: 'view', productview: 'view', impression: 'view' },
  ...{ addtocart: 'cart', addtobasket: 'cart', basket: 'cart', clicked: 'click', searched: 'search' },
  ...{ rate: 'rating', rated: 'rating' },
};

/** The file's own words for what somebody did; those that nobody knows are named, row by row. */
function typesOf(values: readonly string[]): Pick<ColumnField, 'values'> {
  const known: readonly string[] = INTERACTION_TYPES;
  const table = [...new Set(values)].flatMap((value) => {
    const meant = known.includes(normalised(value)) ? normalised(value) : TYPES[normalised(value)];
    return meant === undefined || meant === value ? [] : [[value, meant] as const];
  });
  return table.length === 0 ? {} : { values: Object.fromEntries(table) };
}

/** A key for files that have none, and what the rows are where no column says it. */
function completed(fields: Fields): Fields {
  const isRating =
    fields.rating !== undefined && fields.quantity === undefined && fields.unitPrice === undefined;
  const type: FieldMapping = fields.type ?? { constant: isRating ? 'rating' : 'purchase' };
  const naming = ['orderId', 'customerId', 'productId', 'occurredAt', 'quantity', 'unitPrice']
    .map((name) => fields[name])
    .flatMap((field) => (field !== undefined && 'column' in field ? [field.column] : []));
  if (fields.eventId !== undefined || naming.length === 0) return { ...fields, type };
  return { ...fields, eventId: { columns: naming, occurrence: true }, type };
}

function stubsOf(
  { columns }: FileSample,
  fields: Fields,
): { product: StubMapping | undefined; customer: StubMapping | undefined } {
  const taken = new Set(Object.values(fields).flatMap((field) => ('column' in field ? [field.column] : [])));
  const free = columns.filter((column) => !taken.has(column));
  const found = (names: Readonly<Record<string, readonly string[]>>, when?: 'pricedPurchase') =>
    Object.entries(names).flatMap(([name, candidates]) => {
      const column = columnFor(free, candidates);
      return column === undefined
        ? []
        : [[name, { column, ...(when === undefined ? {} : { when }) }] as const];
    });
  const { unitPrice } = fields;
  const price =
    unitPrice !== undefined && 'column' in unitPrice
      ? [['price', { ...unitPrice, when: 'pricedPurchase' }] as const]
      : [];
  const section = (entries: readonly (readonly [string, ColumnField])[]): StubMapping | undefined =>
    entries.length === 0 ? undefined : { fields: Object.fromEntries(entries) };
  return {
    product: section([...found(STUB_NAMES.product, 'pricedPurchase'), ...price]),
    customer: fields.customerId === undefined ? undefined : section(found(STUB_NAMES.customer)),
  };
}
