import { guessFormat, guessMapping } from './guess-mapping.js';
import { guessDateFormat, guessNumberStyle } from './guess-values.js';

const sample = (table: Record<string, readonly string[]>) => ({
  format: { type: 'csv' } as const,
  columns: Object.keys(table),
  valuesOf: (column: string) => table[column] ?? [],
});

describe('the format', () => {
  it.each([
    ['a,b,c\n1,2,3', { type: 'csv' }],
    ['a;b;c\n1;2,5;3', { type: 'csv', delimiter: ';' }],
    ['a\tb\n1\t2', { type: 'csv', delimiter: '\t' }],
    ['"a,b,c,d";e;f\n', { type: 'csv', delimiter: ';' }],
    ['\n {"a": 1}\n', { type: 'ndjson' }],
  ])('of %j', (text, format) => expect(guessFormat(text)).toEqual(format));
});

describe('dates', () => {
  it.each([
    [['2010-12-01 08:26:00'], 'iso'],
    [['31.12.2010 23:30', '01.02.2011 07:00'], 'dd.MM.yyyy HH:mm'],
    [['01/02/2011', '13/02/2011'], 'dd/MM/yyyy'],
    [['12/1/2010 8:26', '12/13/2010 9:00'], 'M/d/yyyy H:mm'],
    [['1291191960'], 'epochSeconds'],
    [['1291191960000'], 'epochMilliseconds'],
    [['20101201', '20101231'], 'yyyyMMdd'],
    // One that cannot be read is named when the file is; most can.
    [['2010-12-01', '2010-12-02', 'soon'], 'iso'],
    [['lamp', 'table'], undefined],
    [['12', '17'], undefined],
    [[], undefined],
  ])('%j', (values, format) => expect(guessDateFormat(values)).toBe(format));
});

describe('numbers', () => {
  it.each([
    [['1.5', '20', '-3'], {}],
    [['1,5', '20'], { decimal: ',' }],
    [['1.234,50', '7,00'], { decimal: ',', thousands: '.' }],
    [['1,234.50', '7.00'], { thousands: ',' }],
    [['a few'], undefined],
  ])('%j', (values, style) => expect(guessNumberStyle(values)).toEqual(style));
});

describe('a mapping', () => {
  it('of a shop’s sales, with a key made of what names a line', () => {
    const mapping = guessMapping(
      sample({
        Invoice_No: ['7'],
        StockCode: ['A'],
        Description: ['Lamp'],
        Quantity: ['2', '-1'],
        'Invoice Date': ['01.12.2010 08:26'],
        UnitPrice: ['2,55'],
        'Customer ID': ['17850'],
        Country: ['DE'],
      }),
      'Europe/Berlin',
    );
    expect(mapping).toEqual({
      entity: 'interactions',
      format: { type: 'csv' },
      timeZone: 'Europe/Berlin',
      fields: {
        eventId: {
          columns: ['Invoice_No', 'Customer ID', 'StockCode', 'Invoice Date', 'Quantity', 'UnitPrice'],
          occurrence: true,
        },
        type: { constant: 'purchase' },
        customerId: { column: 'Customer ID' },
        productId: { column: 'StockCode' },
        occurredAt: { column: 'Invoice Date', format: 'dd.MM.yyyy HH:mm' },
        quantity: { column: 'Quantity' },
        unitPrice: { column: 'UnitPrice', decimal: ',' },
        orderId: { column: 'Invoice_No' },
      },
      returnsWhen: 'negativeQuantity',
      negativePrice: 'refund',
      product: {
        fields: {
          name: { column: 'Description', when: 'pricedPurchase' },
          price: { column: 'UnitPrice', decimal: ',', when: 'pricedPurchase' },
        },
      },
      customer: { fields: { country: { column: 'Country' } } },
    });
  });

  it('finds the moment by what stands there where no name tells', () => {
    const { fields } = guessMapping(
      sample({ sku: ['A'], kunde: ['1'], x: ['2010-12-01'], qty: ['1'] }),
      'UTC',
    );
    expect(fields.occurredAt).toEqual({ column: 'x' });
  });

  it('knows the words that files have for what somebody did', () => {
    const { fields } = guessMapping(
      sample({ user_id: ['1'], item_id: ['2'], timestamp: ['1291191960'], event: ['Buy', 'view', 'swim'] }),
      'UTC',
    );
    expect(fields.type).toEqual({ column: 'event', values: { Buy: 'purchase' } });
    expect(fields.occurredAt).toEqual({ column: 'timestamp', format: 'epochSeconds' });
  });

  it.each([
    [['sku', 'title', 'price', 'brand'], 'products'],
    [['user_id', 'country', 'gender'], 'customers'],
    [['offer_id', 'product_id', 'price'], 'offers'],
    [['promotion_id', 'name', 'discount'], 'promotions'],
    [['user_id', 'item_id', 'stars'], 'interactions'],
    [['nothing', 'known'], 'interactions'],
  ])('of the columns %j is one of %s', (columns, entity) =>
    expect(guessMapping(sample(Object.fromEntries(columns.map((name) => [name, []]))), 'UTC').entity).toBe(
      entity,
    ),
  );

  it('takes a person’s word for what the file holds', () => {
    const { entity, fields } = guessMapping(sample({ id: ['1'], title: ['Lamp'] }), 'UTC', 'products');
    expect({ entity, fields }).toEqual({
      entity: 'products',
      fields: { productId: { column: 'id' }, name: { column: 'title' } },
    });
  });
});
