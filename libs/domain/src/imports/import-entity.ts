/** What a file can bring: one table of the universal schema each. */
export const IMPORT_ENTITIES = ['interactions', 'customers', 'products', 'offers', 'promotions'] as const;
export type ImportEntity = (typeof IMPORT_ENTITIES)[number];

export const INTERACTION_TYPES = ['view', 'search', 'click', 'cart', 'purchase', 'rating', 'return'] as const;
export type ImportedInteractionType = (typeof INTERACTION_TYPES)[number];

/**
 * id: up to 200 characters without control characters. price: numeric(14,4). share: 0 to 1.
 * timestamp: milliseconds since 1970, UTC. ids: several ids. json: an object of attributes.
 */
export type FieldKind =
  'id' | 'text' | 'number' | 'price' | 'share' | 'rating' | 'timestamp' | 'interactionType' | 'ids' | 'json';

export interface SchemaField {
  readonly name: string;
  readonly kind: FieldKind;
  readonly required: boolean;
}

const field = (name: string, kind: FieldKind, required = false): SchemaField => ({ name, kind, required });

/** The fields of each entity, in the order in which a mapped row carries them. */
export const ENTITY_FIELDS: Readonly<Record<ImportEntity, readonly SchemaField[]>> = {
  interactions: [
    field('eventId', 'id', true),
    field('type', 'interactionType', true),
    field('customerId', 'id'),
    field('productId', 'id', true),
    field('occurredAt', 'timestamp', true),
    field('quantity', 'number'),
    field('unitPrice', 'price'),
    field('rating', 'rating'),
    field('orderId', 'id'),
    field('channel', 'text'),
    field('offerId', 'id'),
  ],
  customers: [
    field('customerId', 'id', true),
    field('region', 'text'),
    field('country', 'text'),
    field('ageBand', 'text'),
    field('gender', 'text'),
    field('tier', 'text'),
    field('segment', 'text'),
    field('createdAt', 'timestamp'),
    field('attributes', 'json'),
  ],
  products: [
    field('productId', 'id', true),
    field('name', 'text'),
    field('category', 'text'),
    field('brand', 'text'),
    field('description', 'text'),
    field('price', 'price'),
    field('availableFrom', 'timestamp'),
    field('retiredAt', 'timestamp'),
    field('attributes', 'json'),
  ],
  offers: [
    field('offerId', 'id', true),
    field('productId', 'id', true),
    field('name', 'text'),
    field('price', 'price'),
    field('validFrom', 'timestamp'),
    field('validUntil', 'timestamp'),
  ],
  promotions: [
    field('promotionId', 'id', true),
    field('name', 'text'),
    field('productIds', 'ids'),
    field('discountShare', 'share'),
    field('validFrom', 'timestamp'),
    field('validUntil', 'timestamp'),
  ],
};

/** The field that identifies a row of the entity within its tenant. */
export const ENTITY_KEY: Readonly<Record<ImportEntity, string>> = {
  interactions: 'eventId',
  customers: 'customerId',
  products: 'productId',
  offers: 'offerId',
  promotions: 'promotionId',
};

/** Position of a field in a mapped row. */
export function fieldIndex(entity: ImportEntity, name: string): number {
  return ENTITY_FIELDS[entity].findIndex((candidate) => candidate.name === name);
}

/** One cell of a mapped row: timestamps are epoch milliseconds, ids lists and attributes are kept as they are. */
export type MappedValue = string | number | readonly string[] | Readonly<Record<string, unknown>> | null;

/** The values of one row, in the order of {@link ENTITY_FIELDS}. */
export type MappedRow = MappedValue[];
