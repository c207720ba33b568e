import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import pg from 'pg';
import {
  ImportService,
  UnavailableError,
  type ImportMapping,
  type ImportResult,
  type Tenant,
} from '#libs/domain';
import {
  createPostgresPool,
  FileRejectedRowStore,
  PostgresImportStore,
  TenantDatabase,
  TenantFileReader,
} from '#libs/persistence';

const APPLICATION = `imports-spec-${process.pid}`;
const HEADER = 'id,customer,sku,at,quantity,price,name,country';

const csv: ImportMapping = {
  entity: 'interactions',
  format: { type: 'csv' },
  fields: {
    eventId: { column: 'id' },
    type: { constant: 'purchase' },
    customerId: { column: 'customer' },
    productId: { column: 'sku' },
    occurredAt: { column: 'at' },
    quantity: { column: 'quantity' },
    unitPrice: { column: 'price' },
  },
  returnsWhen: 'negativeQuantity',
  product: { fields: { name: { column: 'name' }, price: { column: 'price' } } },
  customer: { fields: { country: { column: 'country' } } },
};

const rows = (count: number): string =>
  `${HEADER}\n${Array.from({ length: count }, (_, n) => `e${n},c${n % 7},p${n % 11},2011-01-0${1 + (n % 9)},1,2.5,Thing ${n % 11},UK`).join('\n')}\n`;

let stateDir: string;
let database: TenantDatabase;
let platform: pg.Pool;
let admin: pg.Pool;
let imports: ImportService;
let tenant: Tenant;
let tenants = 0;

beforeAll(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'nightshift-imports-'));
  const { TEST_DATABASE_URL, TEST_PLATFORM_DATABASE_URL, TEST_ADMIN_DATABASE_URL } = process.env;
  database = new TenantDatabase(
    createPostgresPool({ connectionString: TEST_DATABASE_URL ?? '', max: 4, applicationName: APPLICATION }),
  );
  platform = new pg.Pool({ connectionString: TEST_PLATFORM_DATABASE_URL, max: 1 });
  admin = new pg.Pool({ connectionString: TEST_ADMIN_DATABASE_URL, max: 1 });
  imports = new ImportService(
    new TenantFileReader(join(stateDir, 'spool')),
    new PostgresImportStore(database),
    new FileRejectedRowStore(stateDir),
  );
});

afterAll(async () => {
  await Promise.all([database.close(), platform.end(), admin.end()]);
  await rm(stateDir, { recursive: true, force: true });
});

beforeEach(async () => {
  tenant = await newTenant();
});

async function newTenant(): Promise<Tenant> {
  tenants += 1;
  const slug = `imports-${process.pid}-${Date.now()}-${tenants}`;
  const { rows: created } = await platform.query<{ id: number }>(
    `INSERT INTO tenant (slug, name, time_zone) VALUES ($1, $1, 'UTC') RETURNING id`,
    [slug],
  );
  return { id: created[0]?.id, slug } as Tenant;
}

async function* inChunks(file: string | Buffer, size = 1000): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(file as string);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const send = (file: string | Buffer, mapping = csv, to = tenant): Promise<ImportResult> =>
  imports.import({ tenant: to, mapping, source: inChunks(file), sourceName: 'spec', requestedBy: 'spec' });

const select = <Row extends pg.QueryResultRow>(sql: string, of = tenant): Promise<Row[]> =>
  database.runBulk(of.id, async (client) => (await client.query<Row>(sql)).rows);

async function stored(table: string, of = tenant): Promise<number> {
  const [row] = await select<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`, of);
  return row?.n ?? -1;
}

const errorCodes = (result: ImportResult): string[] =>
  result.rejections.map(({ row, field, code }) => `${row} ${field ?? '-'} ${code}`);

describe('sending a file', () => {
  it('brings interactions, products and customers in, and counts once when sent twice', async () => {
    const first = await send(rows(500));
    expect(first).toMatchObject({
      read: 500,
      accepted: 500,
      alreadyKnown: 0,
      rejected: 0,
      rejectedFile: undefined,
    });
    expect([await stored('interaction'), await stored('product'), await stored('customer')]).toEqual([
      500, 11, 7,
    ]);
    expect(await send(rows(501))).toMatchObject({ read: 501, accepted: 1, alreadyKnown: 500 });
    expect(await stored('interaction')).toBe(501);
    expect(await imports.get(tenant, first.importId)).toMatchObject({
      status: 'succeeded',
      read: 500,
      accepted: 500,
      error: undefined,
    });
  });

  it('counts once when two arrive at the same time', async () => {
    const [one, two] = await Promise.all([send(rows(3000)), send(rows(3000))]);
    expect(one.accepted + two.accepted).toBe(3000);
    expect(one.alreadyKnown + two.alreadyKnown).toBe(3000);
    expect(await stored('interaction')).toBe(3000);
  });

  it('numbers equal rows of a file, the same way each time', async () => {
    const mapping: ImportMapping = {
      ...csv,
      fields: { ...csv.fields, eventId: { columns: ['id', 'sku'], occurrence: true } },
    };
    const file = `${HEADER}\n${'e1,c1,p1,2011-01-01,1,2,A,UK\n'.repeat(3)}e2,c1,p1,2011-01-01,1,2,A,UK\n`;
    expect(await send(file, mapping)).toMatchObject({ accepted: 4, alreadyKnown: 0 });
    expect(await send(file, mapping)).toMatchObject({ accepted: 0, alreadyKnown: 4 });
    const ids = await select<{ event_id: string }>('SELECT event_id FROM interaction ORDER BY 1');
    expect(ids.map((row) => row.event_id)).toEqual(['e1|p1#1', 'e1|p1#2', 'e1|p1#3', 'e2|p1#1']);
    const plain = await send(`${HEADER}\n${'x,c1,p1,2011-01-01,1,2,A,UK\n'.repeat(3)}`);
    expect(plain).toMatchObject({ accepted: 1, alreadyKnown: 2 });
  });

  it('never touches another tenant', async () => {
    const other = await newTenant();
    await send(rows(20), csv, other);
    await send(rows(30));
    expect([await stored('interaction', other), await stored('interaction')]).toEqual([20, 30]);
    const { importId } = await send('id\nx,y\n', {
      ...csv,
      entity: 'customers',
      fields: { customerId: { column: 'id' } },
      returnsWhen: undefined,
      product: undefined,
      customer: undefined,
    } as ImportMapping);
    await expect(imports.get(other, importId)).rejects.toMatchObject({ kind: 'not-found' });
    await expect(imports.openRejected(other, importId)).rejects.toMatchObject({ kind: 'not-found' });
  });

  it('lets the latest row describe a product, and silence overwrite nothing', async () => {
    await send(
      `${HEADER}\n1,c1,p1,2011-02-02,1,3,New,FR\n2,c1,p1,2011-01-01,1,2,Old,UK\n3,c1,p1,2011-03-03,1,,,\n`,
    );
    expect(await select('SELECT name, price FROM product')).toEqual([{ name: 'New', price: '3.0000' }]);
    expect(await select('SELECT country FROM customer')).toEqual([{ country: 'FR' }]);
  });
});

describe('an import that breaks off', () => {
  const expectNothing = async () => {
    expect([await stored('interaction'), await stored('product'), await stored('customer')]).toEqual([
      0, 0, 0,
    ]);
    expect(await imports.list(tenant)).toMatchObject([{ status: 'failed', accepted: 0 }]);
    expect(await send(rows(20_000))).toMatchObject({ accepted: 20_000, alreadyKnown: 0 });
  };

  it('leaves nothing when the sender goes away, and counts once when sent again', async () => {
    async function* cut(): AsyncGenerator<Buffer> {
      let sent = 0;
      for await (const chunk of inChunks(rows(20_000), 20_000)) {
        if ((sent += 1) === 20) throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
        yield chunk;
      }
    }
    const broken = imports.import({
      tenant,
      mapping: csv,
      source: cut(),
      sourceName: 'spec',
      requestedBy: 'spec',
    });
    await expect(broken).rejects.toMatchObject({ code: 'incompleteFile' });
    await expectNothing();
  });

  it('leaves nothing when the database session is killed in the middle of COPY', async () => {
    async function* killing(): AsyncGenerator<Buffer> {
      let sent = 0;
      for await (const chunk of inChunks(rows(20_000), 20_000)) {
        if ((sent += 1) === 20) {
          await admin.query(
            `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1 AND query LIKE 'COPY%'`,
            [APPLICATION],
          );
        }
        yield chunk;
      }
    }
    const broken = imports.import({
      tenant,
      mapping: csv,
      source: killing(),
      sourceName: 'spec',
      requestedBy: 'spec',
    });
    await expect(broken).rejects.toBeInstanceOf(UnavailableError);
    await expectNothing();
  });

  it('leaves nothing when it is called off', async () => {
    const abort = new AbortController();
    async function* slow(): AsyncGenerator<Buffer> {
      for await (const chunk of inChunks(rows(20_000), 20_000)) {
        yield chunk;
        abort.abort();
      }
    }
    const request = {
      tenant,
      mapping: csv,
      source: slow(),
      sourceName: 'spec',
      requestedBy: 'spec',
      signal: abort.signal,
    };
    await expect(imports.import(request)).rejects.toMatchObject({ name: 'AbortError' });
    await expectNothing();
  });

  it('is found out later when its process died: running, but nobody holds its lock', async () => {
    const store = new PostgresImportStore(database);
    const importId = '00000000-0000-4000-8000-000000000001';
    await store.begin(tenant.id, {
      importId,
      entity: 'interactions',
      format: 'csv',
      source: 'x',
      mapping: {},
      requestedBy: 'x',
    });
    expect(await store.find(tenant.id, importId)).toMatchObject({ status: 'running' });
    await database.runBulk(tenant.id, (client) =>
      client.query(`UPDATE import SET started_at = now() - interval '1 hour'`),
    );
    expect(await store.find(tenant.id, importId)).toMatchObject({
      status: 'failed',
      error: expect.stringContaining('interrupted'),
    });
  });

  it('is found out in the list, too, while one that lives goes on', async () => {
    const store = new PostgresImportStore(database);
    const [dead, living] = ['00000000-0000-4000-8000-000000000002', '00000000-0000-4000-8000-000000000003'];
    const started = { format: 'csv', source: 'x', mapping: {}, requestedBy: 'x' };
    for (const importId of [dead, living])
      await store.begin(tenant.id, { ...started, importId, entity: 'interactions' });
    await database.runBulk(tenant.id, (client) =>
      client.query(`UPDATE import SET started_at = now() - interval '1 hour'`),
    );
    await database.runBulk(tenant.id, async (client) => {
      await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [living]);
      const listed = await store.list(tenant.id, 10);
      expect(new Map(listed.map(({ importId, status }) => [importId, status]))).toEqual(
        new Map([
          [dead, 'failed'],
          [living, 'running'],
        ]),
      );
    });
  });
});

describe('bad input', () => {
  it('gives up on a file of which hardly a row is good, and leaves nothing of it', async () => {
    const file = gzipSync(`${HEADER}\n${'x\n'.repeat(200_000)}`);
    await expect(send(file)).rejects.toMatchObject({ kind: 'invalid', code: 'tooManyRejected' });
    expect(await readdir(join(stateDir, 'imports', String(tenant.id)))).toEqual([]);
  });

  it.each<[string, string | Buffer, Partial<ImportMapping>, string]>([
    ['an empty file', '', {}, 'emptyFile'],
    ['a header without rows', `${HEADER}\n`, {}, 'emptyFile'],
    [
      'a missing column',
      'id,customer,sku,date,quantity,price,name,country\n1,2,3,4,5,6,7,8\n',
      {},
      'unknownColumn',
    ],
    ['a column too many', `${HEADER},extra\n`, { unknownColumns: 'reject' }, 'unknownColumn'],
    ['a column twice', `${HEADER},id\n`, {}, 'duplicateColumn'],
    ['UTF-16', Buffer.from(`\ufeff${HEADER}\n`, 'utf16le'), {}, 'unsupportedEncoding'],
    ['a spreadsheet', Buffer.from('PK\u0003\u0004rest'), {}, 'wrongFormat'],
    ['half a gzip', gzipSync(rows(5000)).subarray(0, 2000), {}, 'damagedGzip'],
    ['text that should be Parquet', rows(1), { format: { type: 'parquet' } }, 'wrongFormat'],
    ['a Parquet file that is none', 'PAR1 and so on', { format: { type: 'parquet' } }, 'damagedParquet'],
  ])('refuses %s', async (_, file, change, code) => {
    await expect(send(file, { ...csv, ...change })).rejects.toMatchObject({ kind: 'invalid', code });
    expect(await stored('interaction')).toBe(0);
    expect(await imports.list(tenant)).toMatchObject([
      { status: 'failed', error: expect.stringContaining(code) },
    ]);
  });

  it('names every bad row, takes every good one, and keeps the bad ones in a file', async () => {
    const file = [
      HEADER,
      'ok1,c,p,2011-01-01,1,2,A,UK',
      ',c,p,01.01.2011,x,-2,A,UK',
      'bad"quote,c,p,2011-01-01,1,2,A,UK',
      'few,values',
      'ok2,"c ""q"", d",p,2011-01-01,1,2,"two\nlines",UK',
      'nul,c\0,p,2011-01-01,1,2,A,UK',
      'open,"c,p,2011-01-01,1,2,A,UK',
      'ok3,,p,2011-01-01,-1,0,A,UK',
    ].join('\r\n');
    const result = await send(`\ufeff${file}`);
    expect(result).toMatchObject({
      read: 8,
      accepted: 3,
      rejected: 5,
      counts: { returns: 1, zeroPrice: 1, withoutCustomer: 1 },
    });
    expect(errorCodes(result)).toEqual([
      '2 occurredAt badDate',
      '2 quantity notANumber',
      '2 unitPrice negativePrice',
      '2 eventId missing',
      '3 - malformedQuotes',
      '4 - wrongColumnCount',
      '6 customerId nulByte',
      '7 - malformedQuotes',
    ]);
    const lines = (await readFile(join(stateDir, result.rejectedFile ?? ''), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { row: number; raw: string });
    expect(lines.map(({ row }) => row)).toEqual([2, 3, 4, 6, 7]);
    expect(lines[2]?.raw).toBe('few,values');
    expect(await select(`SELECT customer_id FROM interaction WHERE event_id = 'ok2'`)).toEqual([
      { customer_id: 'c "q", d' },
    ]);
  });

  it('lists a thousand rejected rows and keeps them all', async () => {
    const result = await send(`${HEADER}\n${'x,c,p,never,1,2,A,UK\n'.repeat(2500)}`);
    expect(result).toMatchObject({ read: 2500, accepted: 0, rejected: 2500 });
    expect(result.rejections).toHaveLength(1000);
    let bytes = '';
    for await (const chunk of await imports.openRejected(tenant, result.importId))
      bytes += Buffer.from(chunk).toString();
    expect(bytes.trim().split('\n')).toHaveLength(2500);
  });

  it.each([false, true])('bounds memory against a line of 400 MB (gzip: %s)', async (packed) => {
    const block = Buffer.alloc(1024 * 1024, 'x');
    async function* endless(): AsyncGenerator<Buffer> {
      yield Buffer.from(`${HEADER}\nok1,c,p,2011-01-01,1,2,A,UK\n`);
      for (let n = 0; n < 400; n += 1) yield block;
      yield Buffer.from('\nok2,c,p,2011-01-01,1,2,A,UK\n');
    }
    let source: AsyncIterable<Buffer> = endless();
    if (packed) {
      const parts: Buffer[] = [];
      for await (const part of endless()) parts.push(gzipSync(part, { level: 1 }));
      source = inChunks(Buffer.concat(parts), 65_536);
    }
    const before = process.memoryUsage().rss;
    let peak = before;
    const sampler = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 5);
    const result = await imports.import({
      tenant,
      mapping: csv,
      source,
      sourceName: 'spec',
      requestedBy: 'spec',
    });
    clearInterval(sampler);
    expect(result).toMatchObject({ read: 3, accepted: 2, rejected: 1 });
    expect(errorCodes(result)).toEqual(['2 - recordTooLong']);
    expect((peak - before) / 1024 ** 2).toBeLessThan(200);
  });
});

describe('formats', () => {
  it('reads gzip, from a path too', async () => {
    expect(await send(gzipSync(rows(300)))).toMatchObject({ accepted: 300 });
    const path = join(stateDir, 'rows.csv.gz');
    await writeFile(path, gzipSync(rows(301)));
    expect(
      await imports.import({ tenant, mapping: csv, source: { path }, sourceName: path, requestedBy: 'spec' }),
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
    expect(await send(Buffer.from(text, 'latin1'), mapping)).toMatchObject({ accepted: 1 });
    const [row] = await select(
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
      errorCodes(await send(Buffer.from(`${HEADER}\n1,Müller,p,2011-01-01,1,2,A,UK\n`, 'latin1'))),
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
    const result = await send(lines.join('\n'), mapping);
    expect(result).toMatchObject({ read: 4, accepted: 2, rejected: 2 });
    expect(errorCodes(result)).toEqual(['2 - malformedJson', '3 - malformedJson']);
    expect(await select('SELECT product_id, price, attributes FROM product ORDER BY 1')).toEqual([
      { product_id: '1', price: '19.9900', attributes: { colour: 'red', sizes: [1, 2] } },
      { product_id: '3', price: null, attributes: {} },
    ]);
    await expect(send('{"SKU":"1"}\n', mapping)).rejects.toMatchObject({ code: 'unknownColumn' });
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
    const result = await send(Buffer.from(file), mapping);
    expect(result).toMatchObject({
      read: count,
      accepted: count - 1,
      rejected: 1,
      counts: { withoutCustomer: 1667 },
    });
    expect(errorCodes(result)).toEqual(['5 quantity notFinite']);
    expect(await send(gzipSync(Buffer.from(file)), mapping)).toMatchObject({
      accepted: 0,
      alreadyKnown: count - 1,
    });
    expect(await readdir(join(stateDir, 'spool'))).toEqual([]);
  });
});

describe('entities', () => {
  const customers: ImportMapping = {
    entity: 'customers',
    format: { type: 'csv' },
    fields: {
      customerId: { column: 'id' },
      gender: { column: 'sex', values: { M: 'male', F: 'female' }, otherwise: 'reject' },
      tier: { column: 'tier' },
    },
  };

  it('updates what changed and knows what did not', async () => {
    expect(await send('id,sex,tier\n1,M,gold\n2,F,\n2,F,silver\n3,X,\n', customers)).toMatchObject({
      read: 4,
      accepted: 2,
      alreadyKnown: 1,
      rejected: 1,
    });
    expect(await send('id,sex,tier\n1,M,gold\n2,F,\n', customers)).toMatchObject({
      accepted: 1,
      alreadyKnown: 1,
    });
    expect(await select('SELECT customer_id, gender, tier FROM customer ORDER BY 1')).toEqual([
      { customer_id: '1', gender: 'male', tier: 'gold' },
      { customer_id: '2', gender: 'female', tier: null },
    ]);
  });

  it('takes typed records of every entity by the same path', async () => {
    const at = new Date('2011-05-05T10:00:00Z');
    const product = {
      productId: 'p',
      name: 'Tab\tand \\ "quotes"',
      price: 9.99,
      attributes: { a: true },
      availableFrom: at,
    };
    const promotion = {
      promotionId: 'x',
      productIds: ['p"1', 'p\\2', 'p,3'],
      discountShare: 0.2,
      validFrom: at,
    };
    const interaction = {
      eventId: 'e',
      type: 'view',
      customerId: 'c',
      productId: 'p',
      occurredAt: at,
      quantity: 0,
      unitPrice: 1,
    } as const;
    expect(
      await imports.importRecords(tenant, 'customers', [{ customerId: 'c', tier: 'gold', createdAt: at }]),
    ).toMatchObject({ accepted: 1 });
    expect(
      await imports.importRecords(tenant, 'customers', [{ customerId: 'c', region: 'north' }]),
    ).toMatchObject({ accepted: 1 });
    expect(await imports.importRecords(tenant, 'products', [product])).toMatchObject({ accepted: 1 });
    expect(await imports.importRecords(tenant, 'products', [product])).toMatchObject({
      accepted: 0,
      alreadyKnown: 1,
    });
    expect(
      await imports.importRecords(tenant, 'offers', [
        { offerId: 'o', productId: 'p', price: 5, validUntil: at },
      ]),
    ).toMatchObject({ accepted: 1 });
    expect(await imports.importRecords(tenant, 'promotions', [promotion])).toMatchObject({ accepted: 1 });
    expect(
      await imports.importRecords(tenant, 'interactions', [interaction, { ...interaction, eventId: '' }]),
    ).toMatchObject({ accepted: 1, rejected: 1 });
    expect(await imports.importRecords(tenant, 'offers', [])).toMatchObject({ read: 0 });
    expect(await select('SELECT tier, region, created_at FROM customer')).toEqual([
      { tier: 'gold', region: 'north', created_at: at },
    ]);
    expect(await select('SELECT name, price, attributes FROM product')).toEqual([
      { name: product.name, price: '9.9900', attributes: { a: true } },
    ]);
    expect(await select('SELECT product_ids FROM promotion')).toEqual([
      { product_ids: promotion.productIds },
    ]);
  });
});
