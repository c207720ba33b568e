import { ApiUnderTest, expectProblem } from './api-under-test.js';

let api: ApiUnderTest;

beforeAll(async () => {
  api = await ApiUnderTest.start();
});
afterAll(() => api?.stop());

test('what recommendations earned lately, with its uncertainty, and before', async () => {
  // Two customers of today: 30, and 40 in two purchases; somebody else two weeks ago, and one without a price.
  await api.database.runBulk(api.own.id, (client) =>
    client.query(
      `INSERT INTO attributed_purchase (tenant_id, purchase_id, day, customer_id, product_id, bought_at, revenue, shown_at)
       SELECT $1, id, (now() AT TIME ZONE 'Europe/Berlin')::date - ago, customer, 'p', now(), revenue, now()
       FROM (VALUES ('a', 0, 'anna', 30), ('b', 0, 'ben', 15), ('c', 13, 'ben', 25), ('d', 14, 'cleo', 8), ('e', 27, 'dora', null))
         AS bought(id, ago, customer, revenue)`,
      [api.own.id],
    ),
  );
  const answer = (await api.ask('GET', '/kpis/earnings', { token: api.ownToken })).json();
  expect(answer).toMatchObject({ currency: 'EUR', windowDays: 14, customers: 2, withoutPrice: 0 });
  expect(answer.revenue).toEqual({ value: 70, low: 0, high: expect.closeTo(70 + 1.959964 * 50, 6) });
  expect(answer.purchases).toEqual({
    value: 3,
    low: 0,
    high: expect.closeTo(3 + 1.959964 * Math.sqrt(5), 6),
  });
  expect(answer.before).toMatchObject({ customers: 2, withoutPrice: 1, revenue: { value: 8 } });
  expect(answer.before.to < answer.from).toBe(true);
  const day = (await api.ask('GET', '/kpis/earnings?days=1', { token: api.ownToken })).json();
  expect([day.from, day.revenue.value]).toEqual([day.to, 45]);
  const theirs = (
    await api.ask('GET', '/kpis/earnings', { token: api.otherToken, tenant: api.otherSlug })
  ).json();
  expect(theirs).toMatchObject({ customers: 0, revenue: { value: 0, low: 0, high: 0 } });
});

test.each(['days=0', 'days=184', 'days=1.5', 'days=x'])('earnings refuse %s', async (query) => {
  const answer = await api.ask('GET', `/kpis/earnings?${query}`, { token: api.ownToken });
  expect(expectProblem(answer, 400, 'invalidFields').errors[0].field).toBe('days');
});

test('needs a key of the tenant that may see its numbers', async () => {
  const ask = (options: object) => api.ask('GET', '/kpis/earnings', options);
  expectProblem(await ask({}), 401);
  expectProblem(await ask({ token: api.ownToken, tenant: api.otherSlug }), 404);
  expectProblem(await ask({ token: await api.tokenWith(['feedback']) }), 403);
});
