import type { SnapshotSink, Tenant } from '#libs/domain';
import { PostgresSnapshotSource } from '#libs/persistence';
import { createTestTenant, openTestDatabase, type TestDatabase } from '#libs/testing';

let database: TestDatabase;
let source: PostgresSnapshotSource;
let tenant: Tenant;

beforeAll(async () => {
  database = await openTestDatabase(process.env);
  source = new PostgresSnapshotSource(database.tenants);
});
afterAll(() => database.close());
beforeEach(async () => {
  tenant = await createTestTenant(database);
});

interface Rows {
  products: unknown[][];
  customers: unknown[][];
  promotions: unknown[][];
  interactions: unknown[][];
}

async function read({ id }: Tenant = tenant): Promise<Rows> {
  const rows: Rows = { products: [], customers: [], promotions: [], interactions: [] };
  await source.read(id, {
    product: (...row) => rows.products.push(row),
    customer: (...row) => rows.customers.push(row),
    promotion: (...row) => rows.promotions.push(row),
    interaction: (...row) => rows.interactions.push(row),
  });
  return rows;
}

/** Through the application's own login, so that row-level security is in the way as it is in service. */
const insert = (table: string, row: Record<string, unknown>, { id }: Tenant = tenant) =>
  database.tenants.runBulk(id, (client) => {
    const columns = Object.keys(row);
    const places = columns.map((_, index) => `$${index + 2}`);
    const sql = `INSERT INTO ${table} (tenant_id, ${columns.join(', ')}) VALUES ($1, ${places.join(', ')})`;
    return client.query(sql, [id, ...Object.values(row)]);
  });
const interaction = (event_id: string, change: Record<string, unknown> = {}) =>
  insert('interaction', {
    event_id,
    type: 'purchase',
    customer_id: 'c',
    product_id: 'p',
    occurred_at: '2026-11-20T10:00:00.250Z',
    ...change,
  });

const ODD = [
  'tab\there',
  'line\nbreak',
  'cr\r\n',
  'back\\slash',
  '\\N',
  '\\.',
  '"quotes\'',
  '🙂👨‍👩‍👧',
  'Ünïcödé',
  ' ',
  '%s;--',
];

describe('PostgresSnapshotSource', () => {
  it('hands over an interaction with all that is known of it, and holes as NaN or undefined', async () => {
    await interaction('e1', { quantity: 2.5, unit_price: '12.3456', order_id: 'o1' });
    await interaction('e2', { type: 'rating', customer_id: null, rating: 4.5 });
    const seconds = Date.parse('2026-11-20T10:00:00.250Z') / 1000;
    expect((await read()).interactions).toEqual([
      ['purchase', 'c', 'p', seconds, 2.5, 12.3456, NaN, 'o1', 'e1'],
      ['rating', undefined, 'p', seconds, NaN, NaN, 4.5, undefined, 'e2'],
    ]);
  });

  it('teaches with what became of recommendations, in the words of interactions, but not with what was skipped', async () => {
    for (const kind of ['accepted', 'rejected', 'skipped', 'clicked', 'carted', 'bought']) {
      await insert('outcome', {
        event_id: kind,
        customer_id: 'c',
        product_id: 'p',
        kind,
        occurred_at: new Date(0),
        quantity: 1,
        unit_price: 3,
      });
    }
    const rows = (await read()).interactions;
    expect(rows.map(([kind, , , , , , , , eventId]) => [eventId, kind])).toEqual([
      ['outcome accepted', 'accepted'],
      ['outcome bought', 'purchase'],
      ['outcome carted', 'cart'],
      ['outcome clicked', 'click'],
      ['outcome rejected', 'rejected'],
    ]);
    expect(rows[1]).toEqual(['purchase', 'c', 'p', 0, 1, 3, NaN, undefined, 'outcome bought']);
  });

  it('tells an outcome from an interaction of the same event id', async () => {
    await interaction('e');
    await insert('outcome', {
      event_id: 'e',
      customer_id: 'c',
      product_id: 'p',
      kind: 'bought',
      occurred_at: new Date(0),
    });
    expect((await read()).interactions.map((row) => row[8])).toEqual(['e', 'outcome e']);
  });

  it('knows what is retired, and that a retirement to come is not one yet', async () => {
    await insert('product', { product_id: 'a', category: 'fruit', price: '1.50' });
    await insert('product', { product_id: 'b', retired_at: new Date(Date.now() - 1_000) });
    await insert('product', { product_id: 'c', retired_at: new Date(Date.now() + 86_400_000) });
    expect((await read()).products.map((row) => row.slice(0, 4))).toEqual([
      ['a', 'fruit', 1.5, false],
      ['b', undefined, NaN, true],
      ['c', undefined, NaN, false],
    ]);
  });

  it('hands over what describes a product', async () => {
    await insert('product', {
      product_id: 'a',
      name: 'Tea',
      brand: 'Zen\tBuddha',
      description: 'Green\nfrom "Uji"',
      attributes: { origin: 'Uji\n"京都"', grams: 50 },
    });
    const [row] = (await read()).products;
    expect(row.slice(4, 7)).toEqual(['Tea', 'Zen\tBuddha', 'Green\nfrom "Uji"']);
    expect(JSON.parse(String(row[7]))).toEqual({ origin: 'Uji\n"京都"', grams: 50 });
  });

  it('comes in the order of the bytes, whatever the language of the database', async () => {
    const ids = ['b', 'B', 'a', 'Z', 'é', 'z', '10', '9', '_', '🙂', '\uffee'];
    for (const id of ids) {
      await insert('product', { product_id: id });
      await insert('customer', { customer_id: id });
      await interaction(id);
    }
    const byBytes = ids.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    const rows = await read();
    expect(rows.products.map(([id]) => id)).toEqual(byBytes);
    expect(rows.customers.map(([id]) => id)).toEqual(byBytes);
    expect(rows.interactions.map((row) => row[8])).toEqual(byBytes);
  });

  it('brings odd characters through unharmed', async () => {
    for (const [index, text] of ODD.entries()) {
      await insert('product', { product_id: text, category: text, name: text });
      await insert('customer', { customer_id: text, country: text, segment: text });
      await interaction(`${String(index).padStart(2, '0')}${text}`, {
        customer_id: text,
        product_id: text,
        order_id: text,
      });
    }
    const rows = await read();
    expect(new Set(rows.products.flatMap((row) => [row[0], row[1], row[4]]))).toEqual(new Set(ODD));
    expect(new Set(rows.customers.flatMap((row) => row.slice(0, 3)))).toEqual(new Set(ODD));
    expect(JSON.parse(rows.customers[0][3] as string)).toEqual({
      country: rows.customers[0][1],
      segment: rows.customers[0][2],
    });
    expect(rows.interactions.map((row) => [row[1], row[2], row[7], row[8]])).toEqual(
      ODD.map((text, index) => [text, text, text, `${String(index).padStart(2, '0')}${text}`]),
    );
  });

  it('shows nothing of another tenant', async () => {
    const other = await createTestTenant(database);
    await insert('product', { product_id: 'theirs' }, other);
    await insert('customer', { customer_id: 'theirs' }, other);
    await insert(
      'outcome',
      {
        event_id: 'x',
        customer_id: 'theirs',
        product_id: 'theirs',
        kind: 'bought',
        occurred_at: new Date(0),
      },
      other,
    );
    await interaction('mine');
    expect((await read()).interactions.map((row) => row[8])).toEqual(['mine']);
    expect([(await read()).products, (await read()).customers]).toEqual([[], []]);
    expect((await read(other)).products).toEqual([
      ['theirs', undefined, NaN, false, undefined, undefined, undefined, '{}'],
    ]);
  });

  it('reads more than fits into one piece of the stream', async () => {
    await database.tenants.runBulk(tenant.id, (client) =>
      client.query(
        `INSERT INTO interaction (tenant_id, event_id, type, customer_id, product_id, occurred_at)
         SELECT $1, 'ü' || lpad(i::text, 6, '0'), 'view', 'c' || i, 'tab' || chr(9) || i, to_timestamp(i) FROM generate_series(1, 20000) AS i`,
        [tenant.id],
      ),
    );
    const { interactions } = await read();
    expect(interactions).toHaveLength(20_000);
    interactions.forEach((row, index) => {
      const i = index + 1;
      if (row[8] !== `ü${String(i).padStart(6, '0')}` || row[2] !== `tab\t${i}` || row[3] !== i)
        throw new Error(`row ${i} is damaged`);
    });
  });
});

test('brings traits of customers, products that are not sold yet, and the products of promotions', async () => {
  await insert('customer', {
    customer_id: 'c',
    region: 'north',
    age_band: '30-39',
    attributes: { vip: true },
  });
  const [future, past] = ['2999-01-01T00:00:00Z', '2020-01-01T00:00:00Z'];
  await insert('product', { product_id: 'later', available_from: future });
  await insert('product', { product_id: 'now', available_from: past, retired_at: future });
  await insert('promotion', {
    promotion_id: 'b',
    product_ids: ['p2', 'p1'],
    discount_share: 0.2,
    valid_from: past,
  });
  await insert('promotion', { promotion_id: 'a', product_ids: ['p9'], valid_until: future });
  const rows = await read();
  expect(JSON.parse(rows.customers[0][3] as string)).toEqual({
    region: 'north',
    ageBand: '30-39',
    vip: true,
  });
  expect(rows.products.map((row) => [row[0], row[3]])).toEqual([
    ['later', true],
    ['now', false],
  ]);
  expect(rows.promotions).toEqual([
    ['p9', NaN, -Infinity, Date.parse(future) / 1000],
    ['p1', 0.2, Date.parse(past) / 1000, Infinity],
    ['p2', 0.2, Date.parse(past) / 1000, Infinity],
  ]);
});

describe('a snapshot that breaks off', () => {
  const LARGE = 200_000;
  const sink = (interactionSeen: () => void): SnapshotSink => ({
    product: () => {},
    customer: () => {},
    promotion: () => {},
    interaction: interactionSeen,
  });

  beforeEach(() =>
    database.tenants.runBulk(tenant.id, (client) =>
      client.query(
        `INSERT INTO interaction (tenant_id, event_id, type, customer_id, product_id, occurred_at)
         SELECT $1, 'e' || i, 'view', 'c' || i, 'p', now() FROM generate_series(1, $2::int) AS i`,
        [tenant.id, LARGE],
      ),
    ),
  );

  it('because the reader gives up leaves connections that still work', async () => {
    for (let time = 0; time < 3; time++) {
      const refusing = sink(() => {
        throw new RangeError('too much');
      });
      await expect(source.read(tenant.id, refusing)).rejects.toThrow('too much');
    }
    expect((await database.app.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    expect((await read()).interactions).toHaveLength(LARGE);
  });

  it('because Postgres went away is an outage, not half a snapshot', async () => {
    let killed: Promise<unknown> | undefined;
    const killing = sink(() => {
      killed ??= database.admin.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'COPY (%' AND datname = current_database() AND state = 'active' AND pid <> pg_backend_pid()`,
      );
    });
    let rowsSeen = 0;
    await source
      .read(tenant.id, { ...killing, interaction: (...row) => (rowsSeen++, killing.interaction(...row)) })
      .then(
        // Everything may have been on its way already; then the snapshot must be whole.
        () => expect(rowsSeen).toBe(LARGE),
        (error: unknown) => expect(error).toMatchObject({ code: 'unavailable' }),
      );
    await killed;
    expect((await read()).interactions).toHaveLength(LARGE);
  });
});
