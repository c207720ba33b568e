import type { ImportEntity } from './import-entity.js';
import type { FieldMapping, ImportMapping } from './import-mapping.js';
import { RowErrorCollector } from './row-error.js';
import { RowMapper } from './row-mapper.js';
import { COLUMNS, GOOD, mapOne, mapping, NOW, type Cells } from './testing/map-interaction.js';

describe('RowMapper', () => {
  it('maps a row', () => {
    const { good, row } = mapOne({});
    expect(good).toBe(true);
    expect(row).toMatchObject({
      eventId: 'e1',
      type: 'purchase',
      customerId: 'c1',
      productId: 'p1',
      quantity: 2,
      unitPrice: 3.5,
      rating: null,
    });
    expect(row['occurredAt']).toBe(Date.UTC(2011, 11, 1));
  });

  it('keeps product codes as they are where it is told to, and trims otherwise', () => {
    expect(mapOne({ sku: ' 85123a ', customer: ' c1 ' }).row).toMatchObject({
      productId: ' 85123a ',
      customerId: 'c1',
    });
  });

  it('takes unknown customers', () => {
    const { good, row, mapper } = mapOne({ customer: 'NA' });
    expect(good).toBe(true);
    expect(row['customerId']).toBeNull();
    expect(mapper.counts.withoutCustomer).toBe(1);
  });

  it.each<[string, Cells, string[]]>([
    ['missing ids', { id: '', sku: '' }, ['eventId missing', 'productId missing']],
    ['text for numbers', { quantity: 'two', price: '1,50' }, ['quantity notANumber', 'unitPrice notANumber']],
    ['infinity', { quantity: 'Infinity' }, ['quantity notFinite']],
    ['a negative price', { price: '-1' }, ['unitPrice negativePrice']],
    ['a price that no column holds', { price: '1e11' }, ['unitPrice outOfRange']],
    ['another date format', { at: '01.12.2011' }, ['occurredAt badDate']],
    ['tomorrow and the day after', { at: '2011-12-11 00:00:01' }, ['occurredAt futureDate']],
    ['a long id', { id: 'x'.repeat(201) }, ['eventId tooLong']],
    ['a line break in an id', { customer: 'a\nb' }, ['customerId controlCharacter']],
    ['a NUL', { sku: 'a\0b' }, ['productId nulByte']],
    ['bytes of another encoding', { name: 'caf\ufffd' }, ['product.name invalidEncoding']],
    ['a rating out of range', { type: 'S', rating: '6' }, ['rating outOfRange']],
    ['a rating without a value', { type: 'S' }, ['rating missing']],
    ['an unknown type', { type: 'X' }, ['type unknownValue']],
    ['nothing bought', { quantity: '0' }, ['quantity zeroQuantity']],
    ['a negative purchase', { quantity: '-2' }, ['quantity negativeQuantity']],
    [
      'everything at once',
      { id: '', at: 'x', price: 'y' },
      ['occurredAt badDate', 'unitPrice notANumber', 'eventId missing'],
    ],
  ])('names %s', (_, cells, expected) => {
    const { good, codes, errors } = mapOne(cells);
    expect(good).toBe(false);
    expect(codes).toEqual(expected);
    for (const error of errors) expect(error).toMatchObject({ row: 7, index: 6 });
  });

  it('says which column a field came from', () => {
    expect(mapOne({ at: 'x' }).errors[0]).toEqual({
      row: 7,
      index: 6,
      field: 'occurredAt',
      column: 'at',
      code: 'badDate',
      message: '"x" is no date in the format iso.',
    });
  });

  it('counts returns, refunds and free rows', () => {
    const keep: Partial<ImportMapping> = { returnsWhen: 'negativeQuantity', negativePrice: 'refund' };
    const returned = mapOne({ quantity: '-2' }, keep);
    expect(returned.row).toMatchObject({ type: 'return', quantity: -2 });
    expect(returned.mapper.counts).toEqual({ returns: 1, refunds: 0, zeroPrice: 0, withoutCustomer: 0 });
    const refunded = mapOne({ price: '-11062.06' }, keep);
    expect(refunded.row).toMatchObject({ type: 'return', quantity: 2, unitPrice: -11062.06 });
    expect(refunded.mapper.counts).toEqual({ returns: 0, refunds: 1, zeroPrice: 0, withoutCustomer: 0 });
    expect(mapOne({ price: '0' }).mapper.counts.zeroPrice).toBe(1);
  });

  it('derives keys that keep different columns apart', () => {
    const eventId: FieldMapping = { columns: ['id', 'sku'], prefix: 'shop:' };
    const derived = (id: string, sku: string) =>
      mapOne({ id, sku }, { fields: { ...mapping.fields, eventId } }).row['eventId'];
    expect(derived('a', 'b')).toBe('shop:a|b');
    expect(derived('a|b', 'c')).not.toBe(derived('a', 'b|c'));
    expect(derived('a\\', 'b')).not.toBe(derived('a', '\\b'));
    expect(derived('x'.repeat(500), 'c')).toHaveLength('shop:'.length + 43);
  });

  it('takes typed values as they come from Parquet and NDJSON', () => {
    const { good, row } = mapOne({
      id: 12n,
      sku: 85123,
      at: new Date('2011-12-01T10:00:00Z'),
      quantity: 2n,
      price: 3.5,
    });
    expect(good).toBe(true);
    expect(row).toMatchObject({
      eventId: '12',
      productId: '85123',
      quantity: 2,
      occurredAt: Date.UTC(2011, 11, 1, 10),
    });
    expect(mapOne({ id: { a: 1 }, quantity: true }).codes).toEqual([
      'eventId wrongType',
      'quantity notANumber',
    ]);
  });

  it('folds what rows say about products and customers: the latest wins, silence overwrites nothing', () => {
    const mapper = new RowMapper(mapping, COLUMNS, NOW);
    const errors = new RowErrorCollector();
    const rows: Cells[] = [
      { at: '2011-12-02', name: 'New lamp', country: 'FR', rating: '4' },
      { at: '2011-12-01', name: 'Old lamp', country: 'UK', rating: '' },
      { at: '2011-12-03', name: '', country: '' },
      { at: '2011-12-04', name: 'damaged', price: '0' },
    ];
    rows.forEach((cells, index) => {
      errors.start(index + 1);
      const all: Record<string, unknown> = { ...GOOD, ...cells };
      expect(
        mapper.map(
          COLUMNS.map((column) => all[column] ?? ''),
          errors,
        ),
      ).toBe(true);
    });
    const [products, customers] = mapper.stubs.map((stub) => [...stub.drain()]);
    expect(products).toHaveLength(1);
    expect(products?.[0]?.values.slice(0, 2)).toEqual(['p1', 'New lamp']);
    expect(products?.[0]?.seenAt).toBe(Date.UTC(2011, 11, 4));
    expect(customers?.[0]?.values.filter((value) => value !== null)).toEqual(['c1', 'UK', { rating: '4' }]);
  });

  it.each<[ImportEntity, Record<string, FieldMapping>, unknown[], unknown[]]>([
    [
      'promotions',
      {
        promotionId: { column: 'a' },
        productIds: { column: 'b', separator: ';' },
        discountShare: { column: 'c', factor: 0.01 },
      },
      ['x', 'p1; p2;', '20'],
      ['x', null, ['p1', 'p2'], 0.2, null, null],
    ],
    [
      'offers',
      { offerId: { column: 'a' }, productId: { column: 'b' }, validUntil: { column: 'c' } },
      ['o', 'p', '2030-01-01'],
      ['o', 'p', null, null, null, Date.UTC(2030, 0, 1)],
    ],
  ])('maps %s', (entity, fields, values, expected) => {
    const mapper = new RowMapper({ entity, format: { type: 'csv' }, fields }, ['a', 'b', 'c'], NOW);
    expect(mapper.map(values, new RowErrorCollector())).toBe(true);
    expect(mapper.row).toEqual(expected);
  });
});
