import { eventually, ODD_CUSTOMERS, ServingUnderTest } from './serving-under-test.js';

let serving: ServingUnderTest;

beforeAll(async () => {
  serving = await ServingUnderTest.start();
  await serving.addKey('shop', 'both', ['read', 'feedback']);
});
afterAll(() => serving?.stop());

interface Call {
  readonly key?: string;
  readonly payload?: unknown;
  readonly headers?: Record<string, string>;
}

async function call(path: string, { key = 'both', payload, headers }: Call = {}) {
  const answer = await serving.app.inject({
    method: payload === undefined ? 'GET' : 'POST',
    url: `/api/${path}`,
    ...(payload === undefined ? {} : { payload: payload as object }),
    headers: headers ?? { 'x-api-key': serving.keys[key] ?? key },
  });
  return { status: answer.statusCode, body: answer.json() };
}

const storedOf = async (role: 'shop' | 'rival', customerId: string) =>
  (
    await serving.asTenant(
      role,
      `SELECT 'shown' AS kind, product_id, recommendation_id FROM impression WHERE customer_id = $1 UNION ALL
       SELECT kind::text, product_id, recommendation_id FROM outcome WHERE customer_id = $1 ORDER BY 1, 2`,
      [customerId],
    )
  ).rows as { kind: string; product_id: string; recommendation_id: string | null }[];

describe('GET /api/recommend/{userId}', () => {
  test('gives ids alone, from the list of the tenant whose key it is', async () => {
    expect(await call('recommend/anna?n=3')).toEqual({ status: 200, body: ['v1-p0', 'v1-p1', 'v1-p2'] });
    expect((await call('recommend/anna?n=2', { key: 'rival' })).body).toEqual(['v9-p0', 'v9-p1']);
    expect((await call('recommend/anna')).body).toHaveLength(10);
  });

  test.each(ODD_CUSTOMERS)('knows the customer %j, and a page of their list', async (customer) => {
    const { body } = await call(`recommend/${encodeURIComponent(customer)}?n=2&offset=28`);
    expect(body).toEqual(['v1-p28', 'v1-p29']);
  });

  test('answers a stranger with what everybody gets, and a tenant without a model with nothing', async () => {
    expect((await call('recommend/nobody?n=1')).body).toEqual(['v1-p5']);
    expect(await call('recommend/anna', { key: 'newcomer' })).toEqual({ status: 200, body: [] });
  });

  test('takes the key as a bearer as well, and refuses what is none', async () => {
    const headers = { authorization: `Bearer ${serving.keys['both']}` };
    expect((await call('recommend/anna?n=1', { headers })).status).toBe(200);
    for (const key of [
      '',
      'wrong',
      serving.keys['expired'],
      serving.keys['revoked'],
      `Bearer ${serving.keys['both']}`,
    ])
      expect([key, (await call('recommend/anna', { key })).status]).toEqual([key, 401]);
    expect((await call('recommend/anna', { headers: {} })).body).toMatchObject({ code: 'keyRequired' });
    expect((await call('recommend/anna', { key: 'reporter' })).body).toMatchObject({ code: 'scopeMissing' });
  });

  test.each(['n=0', 'n=101', 'n=x', 'offset=-1', 'category=', 'colour=tea', 'write-back-type=levitate'])(
    'refuses %s by name',
    async (query) => {
      const { status, body } = await call(`recommend/anna?${query}`);
      expect([status, body.errors[0].field]).toEqual([400, query.split('=')[0]]);
    },
  );

  test('writes back that the items were read, under the id of this answer', async () => {
    expect((await call('recommend/a%2Fb?n=2&write-back-type=read', { key: 'reader' })).status).toBe(403);
    for (let turn = 0; turn < 2; turn++)
      expect((await call('recommend/a%2Fb?n=2&write-back-type=read')).body).toEqual(['v1-p0', 'v1-p1']);
    await eventually(async () => (await storedOf('shop', 'a/b')).length === 4);
    const stored = await storedOf('shop', 'a/b');
    expect(stored.map(({ kind, product_id }) => `${kind} ${product_id}`)).toEqual([
      ...['shown v1-p0', 'shown v1-p0', 'shown v1-p1', 'shown v1-p1'],
    ]);
    expect(new Set(stored.map((row) => row.recommendation_id)).size).toBe(2);
  });
});

describe('POST /api/feedback', () => {
  const row = (FeedbackType: string, more: object = {}) => ({
    ...{ FeedbackType, UserId: 'gus', ItemId: 'v1-p1', Timestamp: '2026-11-20T10:00:00Z', Comment: '' },
    ...more,
  });

  test('good rows land once, bad ones come back in the words of Gorse', async () => {
    const rows = [
      row('read'),
      row('Like'),
      row('buy'),
      row('buy', { Timestamp: '2026-11-20T11:00:00Z' }),
      row('buy'),
      row('dislike', { Comment: 'too dear' }),
      row('star', { Timestamp: '0001-01-01T00:00:00Z' }),
      row('star', { Timestamp: '' }),
      row('levitate'),
      row('like', { UserId: '' }),
      row('like', { Timestamp: 'yesterday' }),
      7,
    ];
    const { status, body } = await call('feedback', { payload: rows });
    expect(status).toBe(200);
    expect(body.Rejected.map((one: { index: number; field: string }) => [one.index, one.field])).toEqual([
      [8, 'FeedbackType'],
      [9, 'UserId'],
      [10, 'Timestamp'],
      [11, ''],
    ]);
    await eventually(async () => (await storedOf('shop', 'gus')).length === 6);
    expect((await storedOf('shop', 'gus')).map(({ kind }) => kind)).toEqual([
      ...['accepted', 'accepted', 'bought', 'bought', 'rejected', 'shown'],
    ]);
    expect(body.RowAffected).toBe(6);
    expect((await call('feedback', { payload: rows })).body.RowAffected).toBe(0);
    expect(await storedOf('rival', 'gus')).toEqual([]);
  });

  test('refuses what is no list, what is too long, and a key that may only read', async () => {
    expect((await call('feedback', { payload: row('like') })).body).toMatchObject({ code: 'invalidFields' });
    const many = Array.from({ length: 1_001 }, () => row('like'));
    expect((await call('feedback', { payload: many })).status).toBe(400);
    expect((await call('feedback', { payload: [row('like')], key: 'reader' })).status).toBe(403);
  });
});
