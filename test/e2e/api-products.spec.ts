import { PostgresServedOfferingSource } from '#libs/persistence';
import { openTestDatabase, type TestDatabase } from '#libs/testing';
import { ApiUnderTest, expectProblem } from './api-under-test.js';

let api: ApiUnderTest;
let database: TestDatabase;

beforeAll(async () => {
  api = await ApiUnderTest.start();
  database = await openTestDatabase(process.env);
});

afterAll(async () => {
  await api?.stop();
  await database?.close();
});

const AVAILABLE = { hidden: false, availableFrom: null, retiredAt: null, isOffered: true };
const path = (productId: string) => `/products/${encodeURIComponent(productId)}/availability`;
const put = (productId: string, payload: object, token = api.ownToken) =>
  api.ask('PUT', path(productId), { token, payload });
const served = async () =>
  (await new PostgresServedOfferingSource(database.serving).load([api.own.id]))[0]?.retired;

/** As a file brings it. */
async function importProducts(...rows: readonly string[]): Promise<void> {
  const mapping = {
    entity: 'products',
    format: { type: 'csv' },
    fields: { productId: { column: 'id' }, name: { column: 'name' }, retiredAt: { column: 'until' } },
  };
  const answer = await api.app.inject({
    method: 'POST',
    url: `/v1/tenants/${api.ownSlug}/imports`,
    headers: {
      authorization: `Bearer ${api.ownToken}`,
      'content-type': 'text/csv',
      'x-nightshift-mapping': Buffer.from(JSON.stringify(mapping)).toString('base64url'),
    },
    payload: `id,name,until\n${rows.join('\n')}\n`,
  });
  expect({ status: answer.statusCode, body: answer.body }).toMatchObject({ status: 201 });
}

test('a product that came with a file is retired, brought back and hidden, each with who and why', async () => {
  await importProducts('tea/1,Green tea,', 'cup,Cup,');
  expect((await api.ask('GET', path('tea/1'), { token: api.ownToken })).json()).toEqual({
    ...{ productId: 'tea/1', name: 'Green tea' },
    ...AVAILABLE,
  });
  const retiredAt = '2026-01-01T00:00:00.000Z';
  const retired = await put('tea/1', { retiredAt, reason: 'Recalled' });
  expect([retired.statusCode, retired.json()]).toMatchObject([200, { retiredAt, isOffered: false }]);
  expect(await served()).toEqual([{ productId: 'tea/1', retiredAt: Date.parse(retiredAt) }]);
  expect((await put('tea/1', { reason: 'Harmless after all' })).json()).toMatchObject(AVAILABLE);
  expect(await served()).toEqual([]);
  const availableFrom = '2999-01-01T00:00:00.000Z';
  expect((await put('cup', { availableFrom, reason: 'For later' })).json()).toMatchObject({
    ...{ availableFrom, isOffered: false },
  });
  await put('tea/1', { hidden: true, reason: 'Sold out' });
  expect(await served()).toHaveLength(2);
  const { changes } = (await api.ask('GET', `${path('tea/1')}/history`, { token: api.ownToken })).json();
  expect(changes).toMatchObject([
    { hidden: true, reason: 'Sold out', actor: expect.stringContaining('spec (') },
    { hidden: false, retiredAt: null, reason: 'Harmless after all' },
    { hidden: false, retiredAt, reason: 'Recalled' },
  ]);
});

test('the next file decides about what it names, and hidden stays', async () => {
  await importProducts('mug,Mug,2026-01-01');
  await put('mug', { hidden: true, reason: 'Chipped' });
  await importProducts('mug,Mug,');
  const found = await api.ask('GET', path('mug'), { token: api.ownToken });
  expect(found.json()).toMatchObject({ hidden: true, retiredAt: null, isOffered: false });
});

test.each<[object, string, string]>([
  [{}, 'invalidFields', 'reason'],
  [{ reason: '  ' }, 'reasonRequired', 'reason'],
  [{ reason: 'x', hidden: 'yes' }, 'invalidFields', 'hidden'],
  [{ reason: 'x', retiredAt: 'soon' }, 'invalidFields', 'retiredAt'],
  [{ reason: 'x', retiredAt: '9999-12-31T00:00:00Z' }, 'invalidFields', 'retiredAt'],
  [
    { reason: 'x', availableFrom: '2026-02-01T00:00:00Z', retiredAt: '2026-01-01T00:00:00Z' },
    'invalidFields',
    'retiredAt',
  ],
  [{ reason: 'x', availableUntil: '2026-02-01T00:00:00Z' }, 'invalidFields', 'availableUntil'],
])('%j is refused with %s at %s', async (payload, code, field) => {
  await importProducts('tea/1,Green tea,');
  const problem = expectProblem(await put('tea/1', payload), 400, code);
  expect(problem.errors[0].field).toBe(field);
});

test('what is not there, not theirs or not allowed is refused', async () => {
  expectProblem(await put('nothing', { reason: 'x' }), 404, 'notFound');
  expectProblem(await api.ask('GET', `${path('nothing')}/history`, { token: api.ownToken }), 404, 'notFound');
  const foreign = { token: api.otherToken, tenant: api.otherSlug, payload: { reason: 'x' } };
  expectProblem(await api.ask('PUT', path('tea/1'), foreign), 404, 'notFound');
  expectProblem(await put('tea/1', { reason: 'x' }, api.otherToken), 404, 'notFound');
  expectProblem(
    await put('tea/1', { reason: 'x' }, await api.tokenWith(['read', 'feedback'])),
    403,
    'scopeMissing',
  );
  expectProblem(await put('a\u0000b', { reason: 'x' }), 400, 'invalidFields');
});
