import { randomUUID } from 'node:crypto';
import { OVERALL_FALLBACK } from '#libs/domain';
import { LmdbListStore } from '#libs/persistence';
import { ApiUnderTest, expectProblem } from './api-under-test.js';

let api: ApiUnderTest;
let admin: string;

beforeAll(async () => {
  api = await ApiUnderTest.start();
  admin = api.ownToken;
});

afterAll(() => api?.stop());

const exclude = (ruleId: string, ...productIds: string[]) => ({
  ruleId,
  kind: 'exclude',
  products: { productIds },
});
const put = (path: string, payload: object, token = admin) => api.ask('PUT', path, { token, payload });
const get = async (path: string, token = admin) => (await api.ask('GET', path, { token })).json();
const productIds = ['p0', 'p1', 'p2', 'p3', 'p4', 'p5'];

/** Lists of all products for ten customers, published for the own tenant. */
async function publishLists(): Promise<void> {
  const store = new LmdbListStore(process.env.STATE_DIR!);
  const listFile = `${api.ownSlug}/${randomUUID()}.mdb`;
  const header = { tenant: api.ownSlug, modelVersion: 3, algorithm: 'hybrid', watermark: '', productIds };
  const writer = await store.create(listFile, header);
  const list = {
    products: Int32Array.from(productIds, (_, p) => p),
    scores: Float32Array.from(productIds, (_, p) => 1 - p / 10),
    sources: new Uint8Array(productIds.length),
  };
  for (let i = 0; i < 10; i++) writer.putCustomer(`c${i}`, list);
  writer.putFallback(OVERALL_FALLBACK, list);
  await writer.finish();
  await api.database.runBulk(api.own.id, (client) =>
    client.query(
      `INSERT INTO serving_pointer (tenant_id, model_version, publication_id, list_file) VALUES ($1, 3, $2, $3)`,
      [api.own.id, randomUUID(), listFile],
    ),
  );
}

test('rules are replaced as a whole, numbered, and remembered with who and why', async () => {
  expect(await get('/rules')).toEqual({ version: 0, rules: [] });
  const first = await put('/rules', { rules: [exclude('a', 'p1')], reason: 'first', expectedVersion: 0 });
  expect([first.statusCode, first.json()]).toEqual([200, { version: 1, changedAt: expect.any(String) }]);
  expectProblem(
    await put('/rules', { rules: [], reason: 'late', expectedVersion: 0 }),
    409,
    'offeringChanged',
  );
  expect((await put('/rules', { rules: [], reason: 'all over' })).statusCode).toBe(200);
  expect(await get('/rules')).toEqual({ version: 2, rules: [] });
  const { changes } = await get('/rules/history');
  expect(changes).toMatchObject([
    { version: 2, reason: 'all over', rules: [] },
    { version: 1, reason: 'first', rules: [exclude('a', 'p1')], actor: expect.any(String) },
  ]);
});

test.each([
  [{ rules: 'none', reason: 'x' }, 'invalidFields', 'rules'],
  [{ rules: [{ ruleId: 'a', kind: 'hide' }], reason: 'x' }, 'invalidRules', 'rules.0.kind'],
  [{ rules: [exclude('a')], reason: 'x' }, 'invalidRules', 'rules.0.products.productIds'],
  [{ rules: [exclude('a', 'p'), exclude('a', 'p')], reason: 'x' }, 'invalidRules', 'rules.1.ruleId'],
  [{ rules: [] }, 'invalidFields', 'reason'],
  [{ rules: [], reason: '  ' }, 'reasonRequired', 'reason'],
  [{ rules: [], reason: 'x', expectedVersion: -1 }, 'invalidFields', 'expectedVersion'],
  [{ rules: [], reason: 'x', colour: 1 }, 'invalidFields', 'colour'],
])('%j is refused with %s at %s', async (payload, code, field) => {
  const problem = expectProblem(await put('/rules', payload), 400, code);
  expect(problem.errors[0].field).toBe(field);
});

test('only an admin changes, and nobody sees another tenant’s rules', async () => {
  const reader = await api.tokenWith(['read']);
  expectProblem(await put('/rules', { rules: [], reason: 'x' }, reader), 403, 'scopeMissing');
  expectProblem(await put('/reranking', { settings: {}, reason: 'x' }, reader), 403, 'scopeMissing');
  expect((await api.ask('GET', '/rules', { token: reader })).statusCode).toBe(200);
  for (const path of ['/rules', '/rules/history', '/reranking', '/reranking/history'])
    expectProblem(await api.ask('GET', path, { token: api.otherToken }), 404, 'notFound');
  const foreign = { token: api.otherToken, payload: { rules: [] } };
  expectProblem(await api.ask('POST', '/rules/preview', foreign), 404, 'notFound');
});

test('rules choose by what the tenant’s own products and customers have', async () => {
  await api.database.runBulk(api.own.id, async (client) => {
    await client.query(
      `INSERT INTO product (tenant_id, product_id, name, category, brand, price, attributes) VALUES
         ($1, 'T-1', 'Green tea', 'Tea', 'Leaf', 4.5, '{"colour": ["red", "blue"], "organic": true, "deep": {"a": 1}}'),
         ($1, 'T-2', 'Black TEA', 'Tea', NULL, NULL, '{"colour": "red"}'),
         ($1, 'M-1', 'Mug', 'Kitchen', '', 9, '{}')`,
      [api.own.id],
    );
    await client.query(
      `INSERT INTO customer (tenant_id, customer_id, region, segment, attributes) VALUES
         ($1, 'v1', 'north', 'families', '{"club": "gold", "region": "elsewhere"}'), ($1, 'v2', 'north', NULL, '{}')`,
      [api.own.id],
    );
  });
  const words = await get('/rules/vocabulary');
  expect(words.categories.values).toEqual([
    { value: 'Tea', count: 2 },
    { value: 'Kitchen', count: 1 },
  ]);
  expect(words.brands).toEqual({ name: 'brand', values: [{ value: 'Leaf', count: 1 }], hasMore: false });
  expect(words.productAttributes).toEqual([
    {
      ...{ name: 'colour', hasMore: false },
      values: [
        { value: 'red', count: 2 },
        { value: 'blue', count: 1 },
      ],
    },
    { name: 'organic', values: [{ value: 'true', count: 1 }], hasMore: false },
  ]);
  expect(words.customerTraits).toMatchObject([
    { name: 'region', values: [{ value: 'north', count: 2 }] },
    { name: 'segment', values: [{ value: 'families', count: 1 }] },
    { name: 'club', values: [{ value: 'gold', count: 1 }] },
  ]);
  const other = { token: api.otherToken, tenant: api.otherSlug };
  expect((await api.ask('GET', '/rules/vocabulary', other)).json().categories.values).toEqual([]);

  const found = async (query: string) =>
    (await get(`/products?${query}`)).products.map(({ productId }: { productId: string }) => productId);
  expect(await found('search=tea')).toEqual(['T-1', 'T-2']);
  expect(await found('search=t-2')).toEqual(['T-2']);
  expect(await found('search=%25')).toEqual([]);
  expect(await found('productId=M-1')).toEqual(['M-1']);
  expect(await found('productId=M-1&productId=T-1&productId=none')).toEqual(['M-1', 'T-1']);
  expect((await api.ask('GET', '/products', other)).json()).toEqual({ products: [] });
  expectProblem(await api.ask('GET', '/products?limit=0', { token: admin }), 400, 'invalidFields');
});

test('five hundred rules fit, five hundred and one do not', async () => {
  const rules = Array.from({ length: 500 }, (_, i) =>
    exclude(`r${i}`, ...Array.from({ length: 20 }, (_, p) => `p-${i}-${p}`)),
  );
  expect((await put('/rules', { rules, reason: 'many' })).statusCode).toBe(200);
  expectProblem(
    await put('/rules', { rules: [...rules, exclude('x', 'y')], reason: 'more' }),
    400,
    'invalidRules',
  );
  await put('/rules', { rules: [], reason: 'none' });
});

test('settings of re-ranking: what is set, what holds, and what is wrong', async () => {
  const settings = { steps: { upsell: { enabled: true, factor: 0.3 } } };
  expect((await put('/reranking', { settings, reason: 'try' })).json()).toMatchObject({
    version: 1,
    takesEffect: { computedAnswers: 'withinSeconds', storedLists: 'nextNight' },
  });
  const found = await get('/reranking');
  expect(found).toMatchObject({ version: 1, settings });
  expect(found.effective.steps.upsell).toEqual({ enabled: true, factor: 0.3, upTo: 2 });
  expect(found.effective.steps.priceBoost.weight).toBe(0.2);
  const wrong = expectProblem(
    await put('/reranking', { settings: { steps: { upsell: { factor: 3 } } }, reason: 'x' }),
    400,
    'invalidReranking',
  );
  expect(wrong.errors[0].field).toBe('steps.upsell.factor');
  expect((await get('/reranking/history')).changes).toMatchObject([{ version: 1, settings, reason: 'try' }]);
});

describe('a preview', () => {
  const preview = (payload: object) => api.ask('POST', '/rules/preview', { token: admin, payload });

  test('before the first publication has nothing to show', async () => {
    expectProblem(await preview({ rules: [] }), 409, 'noModelYet');
    const settings = (payload: object) => api.ask('POST', '/reranking/preview', { token: admin, payload });
    expectProblem(await settings({ settings: {} }), 409, 'noModelYet');
    expectProblem(await settings({ settings: { steps: { fly: {} } } }), 400, 'invalidReranking');
  });

  test('shows real customers before and after, and saves nothing', async () => {
    await publishLists();
    await put('/rules', { rules: [exclude('now', 'p5')], reason: 'x' });
    await api.database.runBulk(api.own.id, (client) =>
      client.query(`INSERT INTO product (tenant_id, product_id, retired_at) VALUES ($1, 'p4', now())`, [
        api.own.id,
      ]),
    );
    const rules = [exclude('a', 'p0'), { ruleId: 'b', kind: 'pin', productId: 'p3', position: 1 }];
    const answer = await preview({ rules, sample: 4, count: 3 });
    expect(answer.statusCode).toBe(200);
    const { customers, ...sums } = answer.json();
    expect(sums).toEqual({ modelVersion: 3, looked: 4, changed: 4, withNothing: 0, relevance: null });
    expect(customers.map(({ customerId }: { customerId: string }) => customerId)).toEqual([
      'c0',
      'c2',
      'c4',
      'c6',
    ]);
    expect(customers[0]).toMatchObject({
      before: { status: 'ok', productIds: ['p0', 'p1', 'p2'] },
      after: { status: 'ok', productIds: ['p3', 'p1', 'p2'] },
    });
    const cause = (name: string, effect: string) => ({ name, effect, isNew: true });
    // The two in between have moved nowhere.
    expect(customers[0].items).toEqual([
      { productId: 'p3', productName: null, before: null, after: 1, because: [cause('b', 'pins')] },
      { productId: 'p1', productName: null, before: 2, after: 2, because: [] },
      { productId: 'p2', productName: null, before: 3, after: 3, because: [] },
      { productId: 'p0', productName: null, before: 1, after: null, because: [cause('a', 'hides')] },
    ]);
    expect((await get('/rules')).rules).toEqual([exclude('now', 'p5')]);
  });

  test('says of a rule that goes what it did, and of one that is only put otherwise nothing', async () => {
    await put('/rules', { rules: [exclude('old', 'p0'), exclude('same', 'p1')], reason: 'x' });
    const rules = [
      { ...exclude('same', 'p1'), note: 'as agreed' },
      { ruleId: 'weak', kind: 'boost', products: { productIds: ['p2'] }, factor: 0.1 },
    ];
    const { customers } = (await preview({ rules, customerIds: ['c0'], count: 2 })).json();
    expect(customers[0].items).toMatchObject([
      { productId: 'p0', before: null, after: 1, because: [{ name: 'old', effect: 'hides', isNew: false }] },
      { productId: 'p3', before: 2, after: 2, because: [] },
      { productId: 'p2', before: 1, after: null, because: [{ name: 'weak', effect: 'lowers', isNew: true }] },
    ]);
  });

  test('reads no file but that of this tenant and this version, whatever a pointer says', async () => {
    const point = (version: number) =>
      api.database.runBulk(api.own.id, (client) =>
        client.query('UPDATE serving_pointer SET model_version = $1', [version]),
      );
    await point(4);
    expectProblem(await preview({ rules: [], sample: 4 }), 503, 'unavailable');
    await point(3);
    expect((await preview({ rules: [], sample: 4 })).statusCode).toBe(200);
  });

  test('a tenant that asks for many at once is told to wait, each of the others is answered', async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, () => preview({ rules: [], sample: 8 })));
    // One at work and eight waiting at the least: whatever ends meanwhile makes room for another.
    expect(answers.filter(({ statusCode }) => statusCode === 200).length).toBeGreaterThanOrEqual(9);
    const refused = answers.filter(({ statusCode }) => statusCode !== 200);
    expect(refused.length).toBeGreaterThan(0);
    for (const answer of refused) expectProblem(answer, 429, 'tooManyPreviews');
    expect((await preview({ rules: [], sample: 4 })).statusCode).toBe(200);
  });

  test('of named customers, of everything hidden, and of mistakes', async () => {
    const all = await preview({
      rules: [exclude('a', ...productIds)],
      customerIds: ['c1', 'a stranger'],
      count: 2,
    });
    expect(all.json()).toMatchObject({ looked: 2, withNothing: 2 });
    expect(all.json().customers[0].after).toEqual({
      status: 'none',
      statusReason: 'ineligible',
      productIds: [],
    });
    expectProblem(await preview({ rules: [{ kind: 'hide' }] }), 400, 'invalidRules');
    expectProblem(await preview({ rules: [], sample: 0 }), 400, 'invalidFields');
    expectProblem(await preview({ rules: [], customerIds: [] }), 400, 'invalidFields');
  });
});
