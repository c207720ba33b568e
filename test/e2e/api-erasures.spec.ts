import { ApiUnderTest, expectProblem } from './api-under-test.js';

let api: ApiUnderTest;

beforeAll(async () => {
  api = await ApiUnderTest.start();
  await api.database.runBulk(api.own.id, (client) =>
    client.query('INSERT INTO customer (tenant_id, customer_id, tier) VALUES ($1, $2, $3)', [
      ...[api.own.id, 'anna/1', 'gold'],
    ]),
  );
});

afterAll(() => api?.stop());

test('a customer is told what is known, and nothing of another tenant', async () => {
  const { ownToken: token, otherToken, otherSlug: tenant } = api;
  const known = (await api.ask('GET', '/customers/anna%2F1/export', { token })).json();
  expect(known).toMatchObject({ customerId: 'anna/1', rankedList: null, rejectedRows: [] });
  expect(known.rows.customer).toMatchObject([{ customer_id: 'anna/1', tier: 'gold' }]);
  expect(JSON.stringify(known)).not.toContain('tenant_id');
  const stranger = (await api.ask('GET', '/customers/anna%2F1/export', { token: otherToken, tenant })).json();
  expect(stranger.rows.customer).toEqual([]);
});

test('asking twice is one erasure; its receipt is its own tenant’s', async () => {
  const { ownToken: token, otherToken, otherSlug: tenant } = api;
  const answer = await api.ask('DELETE', '/customers/anna%2F1', { token });
  expect(answer.statusCode).toBe(202);
  const { erasureId, ...erasure } = answer.json();
  expect(erasure).toMatchObject({ subject: 'customer', status: 'queued', finishedAt: null, receipt: [] });
  expect((await api.ask('DELETE', '/customers/anna%2F1', { token })).json().erasureId).toBe(erasureId);
  expect((await api.ask('GET', `/erasures/${erasureId}`, { token })).json()).toMatchObject({ erasureId });
  const listed = (await api.ask('GET', '/erasures', { token })).body;
  expect(listed).toContain(erasureId);
  expect(listed).not.toContain('anna');
  expectProblem(
    await api.ask('GET', `/erasures/${erasureId}`, { token: otherToken, tenant }),
    404,
    'notFound',
  );
  expectProblem(await api.ask('GET', '/erasures/nonsense', { token }), 404, 'notFound');
  expectProblem(await api.ask('DELETE', '/customers/%20', { token }), 400, 'invalidCustomerId');
});

test('a tenant is erased only by its name, and its keys are worth nothing from then on', async () => {
  const { ownToken: token } = api;
  expectProblem(
    await api.ask('POST', '/erasures', { token, payload: { confirm: 'yes' } }),
    400,
    'notConfirmed',
  );
  expectProblem(await api.ask('POST', '/erasures', { token, payload: {} }), 400, 'invalidFields');
  expect((await api.ask('GET', '/erasures', { token })).statusCode).toBe(200);
  const answer = await api.ask('POST', '/erasures', { token, payload: { confirm: api.ownSlug } });
  expect(answer.statusCode).toBe(202);
  expect(answer.json()).toMatchObject({ subject: 'tenant', status: 'queued' });
  expectProblem(await api.ask('GET', '/erasures', { token }), 401);
});
