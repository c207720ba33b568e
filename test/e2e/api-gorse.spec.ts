import { ApiUnderTest, expectProblem } from './api-under-test.js';

let api: ApiUnderTest;

beforeAll(async () => {
  api = await ApiUnderTest.start();
});
afterAll(() => api?.stop());

function post(path: 'items' | 'users', payload: unknown, token = api.ownToken) {
  const headers = { 'x-api-key': token };
  return api.app.inject({ method: 'POST', url: `/api/${path}`, headers, payload: payload as object });
}

const select = (sql: string, tenant = api.own) =>
  api.database.runBulk(tenant.id, async (client) => (await client.query(sql)).rows);

const PRODUCTS =
  'SELECT product_id, category, description, available_from, retired_at IS NOT NULL AS retired, attributes FROM product ORDER BY 1';

describe('POST /api/items', () => {
  const item = {
    ...{ ItemId: 'p1', IsHidden: false, Categories: ['Tea', 'Gifts'], Labels: ['green', 'loose'] },
    ...{ Timestamp: '2026-11-01T08:00:00Z', Comment: 'Sencha' },
  };

  test('makes products, counts what was new, and names what was wrong', async () => {
    const rows = [
      item,
      { ItemId: 'p2', IsHidden: true, Timestamp: '0001-01-01T00:00:00Z', Labels: { origin: 'Uji' } },
      { ItemId: '', IsHidden: false },
      { ItemId: 'p3', IsHidden: 'yes' },
      7,
      { ItemId: 'p4', Timestamp: 'yesterday' },
      { ItemId: 'p5', Categories: 'Tea' },
    ];
    const answer = await post('items', rows);
    expect([answer.statusCode, answer.json().RowAffected]).toEqual([200, 2]);
    expect(
      answer
        .json()
        .Rejected.map((one: { index: number; field: string; code: string }) => [
          one.index,
          one.field,
          one.code,
        ]),
    ).toEqual([
      [2, 'ItemId', 'missing'],
      [3, 'IsHidden', 'wrongType'],
      [4, '', 'wrongType'],
      [5, 'Timestamp', 'badDate'],
      [6, 'Categories', 'wrongType'],
    ]);
    expect(await select(PRODUCTS)).toEqual([
      {
        ...{ product_id: 'p1', category: 'Tea', description: 'Sencha', retired: false },
        available_from: new Date('2026-11-01T08:00:00Z'),
        attributes: { categories: ['Tea', 'Gifts'], labels: ['green', 'loose'] },
      },
      {
        ...{ product_id: 'p2', category: null, description: null, retired: true, available_from: null },
        attributes: { origin: 'Uji' },
      },
    ]);
    expect(await select(PRODUCTS, api.other)).toEqual([]);
  });

  test('the same again changes nothing; shown again is on sale again; the price stays', async () => {
    expect((await post('items', [item])).json()).toEqual({ RowAffected: 0, Rejected: [] });
    await select(`UPDATE product SET price = 4 WHERE product_id = 'p2'`);
    expect((await post('items', [{ ItemId: 'p2' }])).json().RowAffected).toBe(1);
    expect(await select(`SELECT price, retired_at FROM product WHERE product_id = 'p2'`)).toEqual([
      { price: '4.0000', retired_at: null },
    ]);
    expect((await post('items', [])).json()).toEqual({ RowAffected: 0, Rejected: [] });
  });

  test('refuses what is no list, too much, no key, and a key that may only read', async () => {
    expectProblem(await post('items', item), 400, 'invalidFields');
    expectProblem(
      await post(
        'items',
        Array.from({ length: 1_001 }, () => item),
      ),
      400,
      'invalidFields',
    );
    expectProblem(await post('items', [item], 'ns_live_wrong'), 401, 'keyRequired');
    expectProblem(await post('items', [item], await api.tokenWith(['read'])), 403, 'scopeMissing');
  });
});

describe('POST /api/users', () => {
  test('makes customers with their labels as attributes, and records the import', async () => {
    const answer = await post('users', [
      { UserId: 'u1', Labels: ['vip'], Comment: 'x' },
      { UserId: 'u2' },
      { UserId: null },
    ]);
    expect(answer.json()).toMatchObject({ RowAffected: 2, Rejected: [{ index: 2, field: 'UserId' }] });
    expect(await select('SELECT customer_id, attributes FROM customer ORDER BY 1')).toEqual([
      { customer_id: 'u1', attributes: { labels: ['vip'] } },
      { customer_id: 'u2', attributes: {} },
    ]);
    const [record] = await select(`SELECT source, accepted, rejected FROM import WHERE entity = 'customers'`);
    expect(record).toEqual({ source: 'Gorse users', accepted: 2, rejected: 1 });
  });
});
