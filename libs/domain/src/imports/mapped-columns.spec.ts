import { checkColumns, checkSeenColumns } from './mapped-columns.js';
import { COLUMNS, mapping } from './testing/map-interaction.js';

describe('checkColumns', () => {
  it('names the missing column, the nearest one and all there are', () => {
    expect(() => checkColumns(mapping, [...COLUMNS.slice(1), 'Id_'])).toThrow(
      /no column "id".*Did you mean "Id_".*"country", "Id_"/,
    );
  });

  it('refuses columns that the mapping does not name where it is told to', () => {
    expect(() => checkColumns(mapping, [...COLUMNS, 'extra'])).not.toThrow();
    expect(() => checkColumns({ ...mapping, unknownColumns: 'reject' }, [...COLUMNS, 'extra'])).toThrow(
      /does not name the column "extra"/,
    );
  });

  it('asks of self-describing records only what no row can do without', () => {
    expect(() => checkSeenColumns(mapping, ['id', 'type', 'sku', 'at'])).not.toThrow();
    expect(() => checkSeenColumns(mapping, ['id', 'type', 'SKU', 'at'])).toThrow(/no column "sku".*"SKU"/);
  });
});
