import { ApiUnderTest, expectProblem } from './api-under-test.js';
import { Browser, People } from './people-under-test.js';

let api: ApiUnderTest;
let people: People;

const SALES = [
  'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country',
  '7,A-1,Lamp,2,2010-12-01 08:26:00,2.55,K10,DE',
  '8,A-2,Mug,1,2010-12-03 08:26:00,4.00,K10,DE',
  '9,A-1,Lamp,1,2010-12-02 08:26:00,2.55,k1,FR',
  '10,A-1,Lamp,1,2010-12-02 08:26:00,2.55,X_9,FR',
].join('\n');

beforeAll(async () => {
  api = await ApiUnderTest.start();
  people = new People();
  const imported = await api.app.inject({
    ...{ method: 'POST', payload: SALES },
    url: `/v1/tenants/${api.ownSlug}/imports?mapping=uci-online-retail`,
    headers: { authorization: `Bearer ${api.ownToken}`, 'content-type': 'text/csv' },
  });
  expect(imported.json()).toMatchObject({ accepted: 4 });
});

afterAll(async () => {
  await people?.close();
  await api?.stop();
});

const search = async (text: string) => {
  const answer = await api.ask('GET', `/customers?search=${encodeURIComponent(text)}`, {
    token: api.ownToken,
  });
  return answer.json().customers.map(({ customerId }: { customerId: string }) => customerId);
};

test('customers are found by how their id begins, in capitals or not', async () => {
  expect((await search('')).sort()).toEqual(['K10', 'X_9', 'k1']);
  expect((await search('K1')).sort()).toEqual(['K10', 'k1']);
  expect(await search('x_')).toEqual(['X_9']);
  // No pattern of the database's: an underscore and a per cent sign are themselves.
  expect(await search('_')).toEqual([]);
  expect(await search('%')).toEqual([]);
});

test('one customer with what was done, newest first', async () => {
  const answer = await api.ask('GET', '/customers/K10', { token: api.ownToken });
  expect(answer.json()).toMatchObject({
    ...{ customerId: 'K10', country: 'DE', interactions: 2 },
    history: [
      { type: 'purchase', productId: 'A-2', productName: 'Mug', quantity: 1, unitPrice: 4 },
      { productId: 'A-1', productName: 'Lamp', quantity: 2, unitPrice: 2.55 },
    ],
  });
});

test('nobody, and another tenant’s customer, are the same to whoever asks', async () => {
  expectProblem(await api.ask('GET', '/customers/nobody', { token: api.ownToken }), 404, 'notFound');
  const other = { token: api.otherToken, tenant: api.otherSlug };
  expectProblem(await api.ask('GET', '/customers/K10', other), 404, 'notFound');
  expect((await api.ask('GET', '/customers', other)).json()).toEqual({ customers: [] });
  expectProblem(await api.ask('GET', '/customers/K10', { token: api.otherToken }), 404);
});

test('without a model there is nothing to explain, and settings are checked', async () => {
  const explain = (payload: object) =>
    api.ask('POST', '/customers/K10/explanation', { token: api.ownToken, payload });
  expectProblem(await explain({}), 409, 'noModelYet');
  expectProblem(await explain({ settings: { nothing: 1 } }), 400, 'invalidReranking');
  expectProblem(await explain({ count: 0 }), 400, 'invalidFields');
});

test('analysts look; a key that only reads for a shop does not', async () => {
  const { email } = await people.add({ tenant: api.own, role: 'analyst' });
  const browser = new Browser(api);
  await browser.signIn(email);
  expect((await browser.ask('GET', `/v1/tenants/${api.ownSlug}/customers/K10`)).statusCode).toBe(200);
  expect((await browser.ask('GET', `/v1/tenants/${api.ownSlug}/imports`)).statusCode).toBe(200);
  expectProblem(await browser.ask('DELETE', `/v1/tenants/${api.ownSlug}/customers/K10`), 403);
  expectProblem(await browser.ask('GET', `/v1/tenants/${api.otherSlug}/customers`), 404);
  const token = await api.tokenWith(['read']);
  expectProblem(await api.ask('GET', '/customers', { token }), 403, 'scopeMissing');
});
