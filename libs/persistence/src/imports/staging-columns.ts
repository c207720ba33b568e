import { ENTITY_FIELDS, type FieldKind, type ImportEntity, type MappedValue } from '#libs/domain';

/** How one field travels: as text in COPY, as a column of the staging table, as an expression in the merge. */
export interface StagingColumn {
  readonly field: string;
  readonly column: string;
  readonly type: string;
  /** Turns the staged column into what the real table holds. */
  readonly convert: (expression: string) => string;
  readonly encode: (value: MappedValue) => string;
}

const TYPE_OF: Readonly<Record<FieldKind, string>> = {
  id: 'text COLLATE "C"',
  text: 'text',
  number: 'double precision',
  price: 'numeric(14,4)',
  share: 'double precision',
  rating: 'real',
  // Epoch milliseconds: cheaper to write and to parse than a date. Converted in the merge.
  timestamp: 'bigint',
  interactionType: 'interaction_type',
  ids: 'text[]',
  json: 'jsonb',
};

export const TABLE_OF: Readonly<Record<ImportEntity, string>> = {
  interactions: 'interaction',
  customers: 'customer',
  products: 'product',
  offers: 'offer',
  promotions: 'promotion',
};

const same = (expression: string): string => expression;
const toTimestamp = (expression: string): string => `to_timestamp(${expression}::double precision / 1000)`;

export function stagingColumns(entity: ImportEntity): readonly StagingColumn[] {
  return ENTITY_FIELDS[entity].map(({ name, kind }) => ({
    field: name,
    column: snakeCase(name),
    type: TYPE_OF[kind],
    convert: kind === 'timestamp' ? toTimestamp : same,
    encode: ENCODE[kind],
  }));
}

export const snakeCase = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

export const COPY_NULL = '\\N';
const SPECIAL = /[\\\t\n\r]/;
const SPECIALS = /[\\\t\n\r]/g;
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** COPY's text format: backslash, tab and line breaks are written as escapes. */
export function escapeCopyText(text: string): string {
  return SPECIAL.test(text) ? text.replace(SPECIALS, (character) => ESCAPES[character] ?? character) : text;
}

const encodeText = (value: MappedValue): string =>
  value === null ? COPY_NULL : escapeCopyText(value as string);
const encodeNumber = (value: MappedValue): string => (value === null ? COPY_NULL : String(value as number));
const encodeWhole = (value: MappedValue): string =>
  value === null ? COPY_NULL : String(Math.round(value as number));
const encodeJson = (value: MappedValue): string =>
  value === null ? COPY_NULL : escapeCopyText(JSON.stringify(value));

function encodeIds(value: MappedValue): string {
  if (value === null) return COPY_NULL;
  const elements = (value as readonly string[]).map((id) => `"${id.replace(/["\\]/g, '\\$&')}"`);
  return escapeCopyText(`{${elements.join(',')}}`);
}

const ENCODE: Readonly<Record<FieldKind, (value: MappedValue) => string>> = {
  id: encodeText,
  text: encodeText,
  number: encodeNumber,
  price: encodeNumber,
  share: encodeNumber,
  rating: encodeNumber,
  timestamp: encodeWhole,
  interactionType: encodeText,
  ids: encodeIds,
  json: encodeJson,
};
