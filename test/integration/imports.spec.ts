import type { ImportMapping } from '#libs/domain';
import { csv, HEADER, ImportsUnderTest, rows } from './imports-under-test.js';

let under: ImportsUnderTest;

beforeAll(async () => {
  under = await ImportsUnderTest.open();
});
afterAll(() => under?.close());
beforeEach(async () => {
  under.tenant = await under.newTenant();
});

describe('sending a file', () => {
  it('brings interactions, products and customers in, and counts once when sent twice', async () => {
    const first = await under.send(rows(500));
    expect(first).toMatchObject({
      read: 500,
      accepted: 500,
      alreadyKnown: 0,
      rejected: 0,
      rejectedFile: undefined,
    });
    expect([
      await under.stored('interaction'),
      await under.stored('product'),
      await under.stored('customer'),
    ]).toEqual([500, 11, 7]);
    expect(await under.send(rows(501))).toMatchObject({ read: 501, accepted: 1, alreadyKnown: 500 });
    expect(await under.stored('interaction')).toBe(501);
    expect(await under.imports.get(under.tenant, first.importId)).toMatchObject({
      status: 'succeeded',
      read: 500,
      accepted: 500,
      error: undefined,
    });
  });

  it('counts once when two arrive at the same time', async () => {
    const [one, two] = await Promise.all([under.send(rows(3000)), under.send(rows(3000))]);
    expect(one.accepted + two.accepted).toBe(3000);
    expect(one.alreadyKnown + two.alreadyKnown).toBe(3000);
    expect(await under.stored('interaction')).toBe(3000);
  });

  it('numbers equal rows of a file, the same way each time', async () => {
    const mapping: ImportMapping = {
      ...csv,
      fields: { ...csv.fields, eventId: { columns: ['id', 'sku'], occurrence: true } },
    };
    const file = `${HEADER}\n${'e1,c1,p1,2011-01-01,1,2,A,UK\n'.repeat(3)}e2,c1,p1,2011-01-01,1,2,A,UK\n`;
    expect(await under.send(file, mapping)).toMatchObject({ accepted: 4, alreadyKnown: 0 });
    expect(await under.send(file, mapping)).toMatchObject({ accepted: 0, alreadyKnown: 4 });
    const ids = await under.select<{ event_id: string }>('SELECT event_id FROM interaction ORDER BY 1');
    expect(ids.map((row) => row.event_id)).toEqual(['e1|p1#1', 'e1|p1#2', 'e1|p1#3', 'e2|p1#1']);
    const plain = await under.send(`${HEADER}\n${'x,c1,p1,2011-01-01,1,2,A,UK\n'.repeat(3)}`);
    expect(plain).toMatchObject({ accepted: 1, alreadyKnown: 2 });
  });

  it('never touches another tenant', async () => {
    const other = await under.newTenant();
    await under.send(rows(20), csv, other);
    await under.send(rows(30));
    expect([await under.stored('interaction', other), await under.stored('interaction')]).toEqual([20, 30]);
    const { importId } = await under.send('id\nx,y\n', {
      ...csv,
      entity: 'customers',
      fields: { customerId: { column: 'id' } },
      returnsWhen: undefined,
      product: undefined,
      customer: undefined,
    } as ImportMapping);
    await expect(under.imports.get(other, importId)).rejects.toMatchObject({ kind: 'not-found' });
    await expect(under.imports.openRejected(other, importId)).rejects.toMatchObject({ kind: 'not-found' });
  });

  it('lets the latest row describe a product, and silence overwrite nothing', async () => {
    await under.send(
      `${HEADER}\n1,c1,p1,2011-02-02,1,3,New,FR\n2,c1,p1,2011-01-01,1,2,Old,UK\n3,c1,p1,2011-03-03,1,,,\n`,
    );
    expect(await under.select('SELECT name, price FROM product')).toEqual([{ name: 'New', price: '3.0000' }]);
    expect(await under.select('SELECT country FROM customer')).toEqual([{ country: 'FR' }]);
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
    expect(await under.send('id,sex,tier\n1,M,gold\n2,F,\n2,F,silver\n3,X,\n', customers)).toMatchObject({
      read: 4,
      accepted: 2,
      alreadyKnown: 1,
      rejected: 1,
    });
    expect(await under.send('id,sex,tier\n1,M,gold\n2,F,\n', customers)).toMatchObject({
      accepted: 1,
      alreadyKnown: 1,
    });
    expect(await under.select('SELECT customer_id, gender, tier FROM customer ORDER BY 1')).toEqual([
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
      await under.imports.importRecords(under.tenant, 'customers', [
        { customerId: 'c', tier: 'gold', createdAt: at },
      ]),
    ).toMatchObject({ accepted: 1 });
    expect(
      await under.imports.importRecords(under.tenant, 'customers', [{ customerId: 'c', region: 'north' }]),
    ).toMatchObject({ accepted: 1 });
    expect(await under.imports.importRecords(under.tenant, 'products', [product])).toMatchObject({
      accepted: 1,
    });
    expect(await under.imports.importRecords(under.tenant, 'products', [product])).toMatchObject({
      accepted: 0,
      alreadyKnown: 1,
    });
    expect(
      await under.imports.importRecords(under.tenant, 'offers', [
        { offerId: 'o', productId: 'p', price: 5, validUntil: at },
      ]),
    ).toMatchObject({ accepted: 1 });
    expect(await under.imports.importRecords(under.tenant, 'promotions', [promotion])).toMatchObject({
      accepted: 1,
    });
    expect(
      await under.imports.importRecords(under.tenant, 'interactions', [
        interaction,
        { ...interaction, eventId: '' },
      ]),
    ).toMatchObject({ accepted: 1, rejected: 1 });
    expect(await under.imports.importRecords(under.tenant, 'offers', [])).toMatchObject({ read: 0 });
    expect(await under.select('SELECT tier, region, created_at FROM customer')).toEqual([
      { tier: 'gold', region: 'north', created_at: at },
    ]);
    expect(await under.select('SELECT name, price, attributes FROM product')).toEqual([
      { name: product.name, price: '9.9900', attributes: { a: true } },
    ]);
    expect(await under.select('SELECT product_ids FROM promotion')).toEqual([
      { product_ids: promotion.productIds },
    ]);
  });
});
