import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { ImportMapping } from '#libs/domain';
import { csv, errorCodes, HEADER, ImportsUnderTest, rows } from './imports-under-test.js';

let under: ImportsUnderTest;

beforeAll(async () => {
  under = await ImportsUnderTest.open();
});
afterAll(() => under?.close());
beforeEach(async () => {
  under.tenant = await under.newTenant();
});

describe('formats', () => {
  it('reads gzip, from a path too', async () => {
    expect(await under.send(gzipSync(rows(300)))).toMatchObject({ accepted: 300 });
    const path = join(under.stateDir, 'rows.csv.gz');
    await writeFile(path, gzipSync(rows(301)));
    expect(
      await under.imports.import({
        tenant: under.tenant,
        mapping: csv,
        source: { path },
        sourceName: path,
        requestedBy: 'spec',
      }),
    ).toMatchObject({ accepted: 1 });
  });

  it('reads latin1, other delimiters, decimal commas and local dates', async () => {
    const text = 'art;kunde;datum;stück;preis\nCafé;Müller;31.12.2010 23:30;1,5;1.234,50 €'.replace(' €', '');
    const mapping: ImportMapping = {
      entity: 'interactions',
      format: { type: 'csv', delimiter: ';', encoding: 'latin1' },
      timeZone: 'Europe/Berlin',
      fields: {
        eventId: { columns: ['art', 'kunde', 'datum'] },
        type: { constant: 'purchase' },
        productId: { column: 'art' },
        customerId: { column: 'kunde' },
        occurredAt: { column: 'datum', format: 'dd.MM.yyyy HH:mm' },
        quantity: { column: 'stück', decimal: ',' },
        unitPrice: { column: 'preis', decimal: ',', thousands: '.' },
      },
    };
    expect(await under.send(Buffer.from(text, 'latin1'), mapping)).toMatchObject({ accepted: 1 });
    const [row] = await under.select(
      'SELECT product_id, customer_id, occurred_at, quantity, unit_price FROM interaction',
    );
    expect(row).toEqual({
      product_id: 'Café',
      customer_id: 'Müller',
      occurred_at: new Date('2010-12-31T22:30:00Z'),
      quantity: 1.5,
      unit_price: '1234.5000',
    });
  });

  it('names bytes that are no UTF-8', async () => {
    expect(
      errorCodes(await under.send(Buffer.from(`${HEADER}\n1,Müller,p,2011-01-01,1,2,A,UK\n`, 'latin1'))),
    ).toEqual(['1 customerId invalidEncoding']);
  });

  it('reads NDJSON and keeps attributes', async () => {
    const mapping: ImportMapping = {
      entity: 'products',
      format: { type: 'ndjson' },
      fields: {
        productId: { column: 'sku' },
        name: { column: 'title' },
        price: { column: 'cents', factor: 0.01 },
      },
      attributes: ['colour', 'sizes'],
    };
    const lines = [
      '{"sku":1,"title":"Lamp","cents":1999,"colour":"red","sizes":[1,2]}',
      '{"sku":"2"',
      '[]',
      '{"sku":"3","__proto__":{"x":1}}',
    ];
    const result = await under.send(lines.join('\n'), mapping);
    expect(result).toMatchObject({ read: 4, accepted: 2, rejected: 2 });
    expect(errorCodes(result)).toEqual(['2 - malformedJson', '3 - malformedJson']);
    expect(await under.select('SELECT product_id, price, attributes FROM product ORDER BY 1')).toEqual([
      { product_id: '1', price: '19.9900', attributes: { colour: 'red', sizes: [1, 2] } },
      { product_id: '3', price: null, attributes: {} },
    ]);
    await expect(under.send('{"SKU":"1"}\n', mapping)).rejects.toMatchObject({ code: 'unknownColumn' });
  });

  it('reads Parquet, sent as a stream, and leaves no spooled file behind', async () => {
    const count = 5000;
    const numbers = Array.from({ length: count }, (_, n) => n);
    const file = parquetWriteBuffer({
      columnData: [
        { name: 'id', data: numbers.map((n) => BigInt(n)), type: 'INT64' },
        {
          name: 'customer',
          data: numbers.map((n) => (n % 3 === 0 ? null : `c${n}`)),
          type: 'STRING',
          nullable: true,
        },
        { name: 'sku', data: numbers.map((n) => `p${n % 50}`), type: 'STRING' },
        {
          name: 'at',
          data: numbers.map((n) => new Date(Date.UTC(2011, 0, 1) + n * 1000)),
          type: 'TIMESTAMP',
        },
        { name: 'quantity', data: numbers.map((n) => (n === 4 ? NaN : 1)), type: 'DOUBLE' },
      ],
      rowGroupSize: 1000,
    });
    const { quantity, ...fields } = csv.fields;
    delete (fields as Record<string, unknown>)['unitPrice'];
    const mapping: ImportMapping = {
      entity: 'interactions',
      format: { type: 'parquet' },
      fields: { ...fields, quantity: quantity as object as { column: string } },
    };
    const result = await under.send(Buffer.from(file), mapping);
    expect(result).toMatchObject({
      read: count,
      accepted: count - 1,
      rejected: 1,
      counts: { withoutCustomer: 1667 },
    });
    expect(errorCodes(result)).toEqual(['5 quantity notFinite']);
    expect(await under.send(gzipSync(Buffer.from(file)), mapping)).toMatchObject({
      accepted: 0,
      alreadyKnown: count - 1,
    });
    expect(await readdir(join(under.stateDir, 'spool'))).toEqual([]);
  });
});
