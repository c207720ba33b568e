import type { ImportMapping } from './import-mapping.js';
import { RowErrorCollector } from './row-error.js';
import { RowMapper } from './row-mapper.js';
import { mapOne, NOW } from './testing/map-interaction.js';

describe('values nested without end', () => {
  const deep: unknown = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000));
  const deepObject: unknown = JSON.parse(`${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`);

  it.each(['id', 'type', 'customer', 'sku', 'at', 'quantity', 'price', 'rating'] as const)(
    'are one rejected row in %s',
    (column) => {
      for (const value of [deep, deepObject]) expect(mapOne({ [column]: value }).good).toBe(false);
    },
  );

  it.each([
    ['a list', [deep]],
    ['an object', deepObject],
  ])('are one rejected row in a list of ids: %s', (_name, value) => {
    const fields = { productIds: { column: 'ids' } };
    const promotions: ImportMapping = { entity: 'promotions', format: { type: 'ndjson' }, fields };
    const errors = new RowErrorCollector();
    errors.start(1);
    const mapper = new RowMapper(promotions, ['ids'], NOW);
    for (const ids of [value, [value]]) {
      errors.start(1);
      mapper.map([ids], errors);
      expect(errors.has('productIds')).toBe(true);
    }
  });
});
