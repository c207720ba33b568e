import { AttributionService, type Tenant } from '#libs/domain';
import { PostgresAttributionRepository } from '#libs/persistence';
import { ApiUnderTest, expectProblem } from './api-under-test.js';

let api: ApiUnderTest;

beforeAll(async () => {
  api = await ApiUnderTest.start();
  for (const [tenant, price] of [
    [api.own, 4.5],
    [api.other, 100],
  ] as const)
    await tellStory(tenant, price);
});
afterAll(() => api?.stop());

/** On 1 November one product is shown, on the 3rd it is bought twice over. */
async function tellStory(tenant: Tenant, price: number): Promise<void> {
  await api.database.runBulk(tenant.id, async (client) => {
    await client.query(
      `INSERT INTO impression (tenant_id, event_id, recommendation_id, customer_id, product_id, shown_at)
       VALUES ($1, 'e1', 'r1', 'anna', 'tea', '2026-11-01T12:00:00Z')`,
      [tenant.id],
    );
    await client.query(
      `INSERT INTO outcome (tenant_id, event_id, customer_id, product_id, kind, quantity, unit_price, occurred_at)
       VALUES ($1, 'e2', 'anna', 'tea', 'bought', 2, $2, '2026-11-03T12:00:00Z')`,
      [tenant.id, price],
    );
    await client.query(
      `INSERT INTO served_answers (tenant_id, day, node_id, status, status_reason, answers, flush)
       VALUES ($1, '2026-11-01', 'n1', 'ok', '', 3, 1), ($1, '2026-11-01', 'n2', 'none', 'noCandidates', 1, 7)`,
      [tenant.id],
    );
  });
  await api.database.runBulk(tenant.id, (client) =>
    client.query(
      `INSERT INTO run (tenant_id, run_id, night, kind, ordinal, status, active, outcome, requested_by, seed, template_version)
       SELECT $1, gen_random_uuid(), night::date, 'nightly', 0, status::run_status, NULL, outcome, 'test', 1, 1
       FROM (VALUES ('2026-11-01', 'succeeded', 'promoted'), ('2026-11-02', 'succeeded', 'unchanged'),
                    ('2026-11-03', 'succeeded', 'unchanged'), ('2026-11-04', 'failed', NULL),
                    ('2026-10-31', 'succeeded', 'kept')) AS nights (night, status, outcome)`,
      [tenant.id],
    ),
  );
  await new AttributionService(new PostgresAttributionRepository(api.database)).attribute(tenant);
}

const token = () => api.ownToken;
const NOVEMBER = '?from=2026-11-01&to=2026-11-30';

test('the days of a tenant, with shares, and of no other', async () => {
  const answer = await api.ask('GET', `/kpis${NOVEMBER}`, { token: token() });
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toMatchObject({ currency: 'EUR', windowDays: 14, countedUntil: expect.any(String) });
  expect(answer.json().nights).toEqual({ promoted: 1, unchanged: 2, failed: 1 });
  expect(answer.json().days).toMatchObject([
    {
      day: '2026-11-01',
      served: 4,
      none: 1,
      noneShare: 0.25,
      shown: 1,
      bought: 1,
      conversion: 1,
      coverage: null,
    },
    { day: '2026-11-03', attributedPurchases: 1, attributedRevenue: 9, conversion: null, noneShare: null },
  ]);
});

test('a range is what is asked for', async () => {
  const one = await api.ask('GET', '/kpis?from=2026-11-02&to=2026-11-03', { token: token() });
  expect(one.json().days.map(({ day }: { day: string }) => day)).toEqual(['2026-11-03']);
  const none = await api.ask('GET', '/kpis?to=2026-10-31', { token: token() });
  expect(none.json().days).toEqual([]);
});

test('purchases with the recommendation that preceded them', async () => {
  const { purchases } = (await api.ask('GET', `/kpis/purchases${NOVEMBER}`, { token: token() })).json();
  expect(purchases).toEqual([
    {
      ...{ purchaseId: 'outcome:e2', day: '2026-11-03', customerId: 'anna', productId: 'tea', revenue: 9 },
      ...{
        recommendationId: 'r1',
        shownAt: '2026-11-01T12:00:00.000Z',
        boughtAt: '2026-11-03T12:00:00.000Z',
      },
    },
  ]);
});

test.each([
  'from=yesterday',
  'from=2026-02-30',
  'to=2026-1-1',
  'from=2026-12-01&to=2026-11-01',
  'from=2020-01-01&to=2026-01-01',
  'day=2026-11-01',
  'from=0000-01-01',
])('refuses %s by name', async (query) => {
  const problem = expectProblem(
    await api.ask('GET', `/kpis?${query}`, { token: token() }),
    400,
    'invalidFields',
  );
  expect(problem.errors[0].field).toBe(query.split('=')[0]);
});

test('needs a key of the tenant that may see its numbers', async () => {
  expectProblem(await api.ask('GET', '/kpis'), 401);
  expectProblem(await api.ask('GET', '/kpis', { token: token(), tenant: api.otherSlug }), 404);
  expectProblem(await api.ask('GET', '/kpis', { token: await api.tokenWith(['feedback']) }), 403);
});
