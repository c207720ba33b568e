import { parseImportMapping, type ImportMapping, type RowError } from '#libs/domain';

/** What Go writes for a moment that nobody set. */
const UNSET_MOMENT = '0001-01-01T00:00:00';

export const GORSE_ITEMS: ImportMapping = parseImportMapping({
  entity: 'products',
  format: { type: 'ndjson' },
  fields: {
    productId: { column: 'ItemId' },
    category: { column: 'Categories' },
    description: { column: 'Comment' },
    availableFrom: { column: 'Timestamp' },
    retiredAt: { column: 'IsHidden' },
    attributes: { column: 'Labels' },
  },
});

export const GORSE_USERS: ImportMapping = parseImportMapping({
  entity: 'customers',
  format: { type: 'ndjson' },
  fields: { customerId: { column: 'UserId' }, attributes: { column: 'Labels' } },
});

/** A row of the body that is one of the file, or what is wrong with it that only Gorse's words can say. */
export type GorseRow = { readonly line: Readonly<Record<string, unknown>> } | { readonly error: GorseError };
export type GorseError = Omit<RowError, 'row' | 'index'>;

/** A hidden item is a retired product, the first category is the product's, all of them and the labels are attributes. */
export function fromGorseItem(row: unknown, now: Date): GorseRow {
  if (!isObject(row)) return { error: notAnObject };
  const { ItemId, IsHidden = false, Categories, Timestamp, Labels, Comment } = row;
  if (typeof IsHidden !== 'boolean') return refuse('IsHidden', 'IsHidden must be true or false.');
  const categories = Categories ?? [];
  if (!isTexts(categories)) return refuse('Categories', 'Categories must be a list of texts.');
  const attributes = attributesOf(Labels, categories.length === 0 ? {} : { categories });
  if (attributes === undefined) return refuse('Labels', 'Labels must be a list or an object.');
  return {
    line: {
      ItemId,
      Categories: categories[0] ?? null,
      Comment: Comment ?? null,
      Timestamp: isUnset(Timestamp) ? null : Timestamp,
      IsHidden: IsHidden ? now.toISOString() : null,
      Labels: attributes,
    },
  };
}

export function fromGorseUser(row: unknown): GorseRow {
  if (!isObject(row)) return { error: notAnObject };
  const attributes = attributesOf(row['Labels'], {});
  if (attributes === undefined) return refuse('Labels', 'Labels must be a list or an object.');
  return { line: { UserId: row['UserId'], Labels: attributes } };
}

function attributesOf(labels: unknown, others: Readonly<Record<string, unknown>>): object | undefined {
  if (labels === undefined || labels === null) return others;
  if (Array.isArray(labels)) return { ...others, labels };
  return isObject(labels) ? { ...labels, ...others } : undefined;
}

const notAnObject: GorseError = { field: '', code: 'wrongType', message: 'The row must be an object.' };

function refuse(field: string, message: string): { error: GorseError } {
  return { error: { field, code: 'wrongType', message } };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function isUnset(moment: unknown): boolean {
  return (
    moment === undefined || moment === null || (typeof moment === 'string' && moment.startsWith(UNSET_MOMENT))
  );
}
