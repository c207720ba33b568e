import { ENTITY_FIELDS } from '../import-entity.js';
import type { ImportMapping } from '../import-mapping.js';
import { RowErrorCollector } from '../row-error.js';
import { RowMapper } from '../row-mapper.js';

export const NOW = Date.UTC(2011, 11, 10);
export const COLUMNS = [
  'id',
  'type',
  'customer',
  'sku',
  'at',
  'quantity',
  'price',
  'rating',
  'name',
  'country',
];

/** Interactions with products and customers that rows say something about. */
export const mapping: ImportMapping = {
  entity: 'interactions',
  format: { type: 'csv' },
  fields: {
    eventId: { column: 'id' },
    type: { column: 'type', values: { B: 'purchase', R: 'return', V: 'view', S: 'rating' } },
    customerId: { column: 'customer', nullValues: ['NA'] },
    productId: { column: 'sku', trim: false },
    occurredAt: { column: 'at' },
    quantity: { column: 'quantity' },
    unitPrice: { column: 'price' },
    rating: { column: 'rating' },
  },
  product: { fields: { name: { column: 'name', when: 'pricedPurchase' } } },
  customer: { fields: { country: { column: 'country' } }, attributes: ['rating'] },
};

/** Of a row, by column. */
export type Cells = Partial<
  Record<
    'id' | 'type' | 'customer' | 'sku' | 'at' | 'quantity' | 'price' | 'rating' | 'name' | 'country',
    unknown
  >
>;
export const GOOD: Cells = {
  id: 'e1',
  type: 'B',
  customer: 'c1',
  sku: 'p1',
  at: '2011-12-01',
  quantity: '2',
  price: '3.5',
  name: 'Lamp',
  country: 'UK',
};

/** Maps a good row with some of its cells changed: row 7 of a file. */
export function mapOne(cells: Cells, change: Partial<ImportMapping> = {}) {
  const mapper = new RowMapper({ ...mapping, ...change }, COLUMNS, NOW);
  const errors = new RowErrorCollector();
  errors.start(7);
  const all: Record<string, unknown> = { ...GOOD, ...cells };
  const good = mapper.map(
    COLUMNS.map((column) => all[column] ?? ''),
    errors,
  );
  const row = Object.fromEntries(
    ENTITY_FIELDS.interactions.map(({ name }, index) => [name, mapper.row[index]]),
  );
  return {
    good,
    row,
    mapper,
    errors: errors.take(),
    codes: errors.take().map((error) => `${error.field} ${error.code}`),
  };
}
