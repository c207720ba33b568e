import { randomUUID } from 'node:crypto';
import { encodeArtifact, OVERALL_FALLBACK } from '#libs/domain';
import { LmdbListStore } from '#libs/persistence';
import { INSIGHTS_PART, type Insights } from '#libs/serving';
import { ApiUnderTest, expectProblem } from './api-under-test.js';

let api: ApiUnderTest;

beforeAll(async () => {
  api = await ApiUnderTest.start();
});

afterAll(() => api?.stop());

const INSIGHTS: Insights = {
  ...{ watermark: '2026-11-20T16:45:00.000Z', days: 90, dueCustomers: 7, prices: null },
  elasticity: { sensitive: 1, neutral: 2, insensitive: 3, unknown: 4 },
  sensitiveProducts: [
    {
      ...{ productId: 'p1', name: null, category: 'Tea', classOf: 'sensitive' },
      ...{ slope: -2.5, low: -3, high: -2, weeks: 12 },
    },
  ],
  ...{ insensitiveProducts: [], categoryResponses: [], loyaltyTiers: [{ name: 'gold', count: 3 }] },
  spendingSegments: [],
  cycles: [
    {
      ...{ category: 'Tea', buyers: 9, gaps: 30, dueCustomers: 7 },
      ...{ lowerDays: 5, medianDays: 8, upperDays: 13 },
    },
  ],
};

async function publish(insights: Insights | undefined): Promise<void> {
  const listFile = `${api.ownSlug}/${randomUUID()}.mdb`;
  const header = {
    tenant: api.ownSlug,
    modelVersion: 3,
    algorithm: 'hybrid',
    watermark: '',
    productIds: ['p1'],
  };
  const writer = await new LmdbListStore(process.env.STATE_DIR!).create(listFile, header);
  writer.putFallback(OVERALL_FALLBACK, {
    products: Int32Array.of(0),
    scores: Float32Array.of(1),
    sources: Uint8Array.of(0),
  });
  if (insights !== undefined) writer.putPart(INSIGHTS_PART, Buffer.concat([...encodeArtifact(insights)]));
  await writer.finish();
  await api.database.runBulk(api.own.id, (client) =>
    client.query(
      `INSERT INTO serving_pointer (tenant_id, model_version, publication_id, list_file) VALUES ($1, 3, $2, $3)
       ON CONFLICT (tenant_id) DO UPDATE SET list_file = excluded.list_file`,
      [api.own.id, randomUUID(), listFile],
    ),
  );
}

const ask = (token = api.ownToken, tenant = api.ownSlug) => api.ask('GET', '/insights', { token, tenant });

test('before the first publication, and of lists from before there were any, it is said why', async () => {
  expectProblem(await ask(), 409, 'noModelYet');
  await publish(undefined);
  expectProblem(await ask(), 409, 'noInsightsYet');
});

test('what the night has written beside its lists, for this tenant alone', async () => {
  await publish(INSIGHTS);
  const answer = await ask();
  expect([answer.statusCode, answer.json()]).toEqual([200, { modelVersion: 3, ...INSIGHTS }]);
  expect((await ask(await api.tokenWith(['read']))).statusCode).toBe(200);
  expectProblem(await ask(api.otherToken), 404, 'notFound');
  expectProblem(await ask(api.otherToken, api.otherSlug), 409, 'noModelYet');
});
