import { RECOMMENDATION_SCHEMA } from '../../apps/serving/src/recommendations/recommendation.schema.js';
import { ODD_CUSTOMERS, ServingUnderTest } from './serving-under-test.js';

let serving: ServingUnderTest;

beforeAll(async () => {
  serving = await ServingUnderTest.start();
});

afterAll(() => serving?.stop());

describe('the documentation', () => {
  test('has every route with its scope, parameters and problems', async () => {
    const { paths } = (await serving.app.inject('/docs/openapi.json')).json();
    const [one, ask, outcomes] = [
      paths['/v1/tenants/{tenant}/recommendations/{customerId}'].get,
      paths['/v1/tenants/{tenant}/recommendations'].post,
      paths['/v1/tenants/{tenant}/outcomes'].post,
    ];
    const routes = Object.keys(paths).filter((path) => path.startsWith('/v1/'));
    expect(routes).toHaveLength(3);
    expect([one, ask, outcomes].map((route) => route['x-required-scope'])).toEqual([
      ['read'],
      ['read'],
      ['feedback'],
    ]);
    const names = one.parameters.map((parameter: { name: string }) => parameter.name);
    expect(names.sort()).toEqual(['count', 'country', 'customerId', 'explain', 'segment', 'tenant']);
    for (const status of ['400', '401', '403', '404', '413', '415'])
      expect(ask.responses).toHaveProperty(status);
    expect((await serving.app.inject('/docs')).headers['content-type']).toContain('text/html');
  });

  test('describes answers as they are written, and the rows of feedback as they are read', async () => {
    const { components } = (await serving.app.inject('/docs/openapi.json')).json();
    const { RecommendationDto, RecommendedItemDto, OutcomesDto, OutcomeEventDto } = components.schemas;
    const written = RECOMMENDATION_SCHEMA.properties;
    expect(Object.keys(RecommendationDto.properties)).toEqual(Object.keys(written));
    expect(Object.keys(RecommendedItemDto.properties)).toEqual(Object.keys(written.items.items.properties));
    expect(RecommendationDto.properties.statusReason.enum).toEqual(written.statusReason.enum);
    expect(OutcomesDto.properties.events.items.$ref).toMatch(/OutcomeEventDto$/);
    expect(OutcomeEventDto.required.sort()).toEqual(['customerId', 'kind', 'productId']);
  });
});

describe('recommendations', () => {
  test("a customer's own list", async () => {
    const { status, body, headers } = await serving.call('recommendations/anna?count=3');
    expect(status).toBe(200);
    expect(headers['cache-control']).toBe('no-store');
    expect(body).toEqual({
      recommendationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      modelVersion: 1,
      servedAt: expect.stringMatching(/Z$/),
      status: 'ok',
      statusReason: null,
      items: [0, 1, 2].map((index) => ({
        productId: `v1-p${index}`,
        score: Math.round(Math.fround(1 - index / 100) * 1e6) / 1e6,
        source: 'ials',
        reasons: [expect.any(String)],
      })),
    });
  });

  test('ten unless asked otherwise, and partial when there are fewer', async () => {
    expect((await serving.call('recommendations/anna')).body.items).toHaveLength(10);
    expect((await serving.call('recommendations/anna?count=100')).body).toMatchObject({
      status: 'partial',
      statusReason: 'fewCandidates',
      items: { length: 30 },
    });
  });

  test('an unknown customer gets the fallback and is told so', async () => {
    const unknown = { status: 'ok', statusReason: 'unknownCustomer', modelVersion: 1 };
    expect((await serving.call('recommendations/zoe?count=2')).body).toMatchObject({
      ...unknown,
      items: [{ productId: 'v1-p5' }, {}],
    });
    expect((await serving.call('recommendations/zoe?count=2&country=Norway')).body.items[0].productId).toBe(
      'v1-p10',
    );
    expect((await serving.call('recommendations', { payload: { count: 2 } })).body).toMatchObject(unknown);
  });

  test('a customer without a history gets the fallback that the night chose, and is told so', async () => {
    expect((await serving.call('recommendations/nils?count=2')).body).toMatchObject({
      status: 'ok',
      statusReason: 'newCustomer',
      modelVersion: 1,
      items: [{ productId: 'v1-p10', source: 'segment-popularity' }, {}],
    });
    const { body } = await serving.app.inject('/metrics');
    expect(body).toMatch(/nightshift_serving_answers_total\{.*reason="newCustomer"/);
  });

  test.each(['line\nbreak', 'nul\0', 'tab\t'])(
    'the id %j is refused: no customer can have it',
    async (customerId) => {
      const { status, body } = await serving.call(`recommendations/${encodeURIComponent(customerId)}`);
      expect([status, body.errors[0].field]).toEqual([400, 'customerId']);
    },
  );

  test.each(ODD_CUSTOMERS)('the id %j finds its list, in an address and in a body', async (customerId) => {
    const path = `recommendations/${encodeURIComponent(customerId)}?count=1`;
    expect((await serving.call(path)).body).toMatchObject({ status: 'ok', statusReason: null });
    expect((await serving.call('recommendations', { payload: { customerId, count: 1 } })).body).toMatchObject(
      {
        statusReason: null,
      },
    );
  });

  test.each([
    'recommendations/anna?count=0',
    'recommendations/anna?count=101',
    'recommendations/anna?count=1e9',
    'recommendations/anna?count=abc',
    'recommendations/anna?count=',
    'recommendations/anna?count=-1',
    'recommendations/anna?count=2.5',
    'recommendations/anna?count=1&count=2',
    'recommendations/anna?country=a&country=b',
    'recommendations/anna?colour=red',
    'recommendations/anna?explain=yes',
    'recommendations/anna?explain=true&explain=true',
    `recommendations/${'x'.repeat(201)}`,
    'recommendations/%zz',
    'recommendations/%ff',
  ])('%s is refused with a problem', async (path) => {
    const { status, headers, body } = await serving.call(path);
    expect([status, headers['content-type']]).toEqual([400, 'application/problem+json; charset=utf-8']);
    expect(body).toMatchObject({ status: 400, code: expect.any(String), detail: expect.any(String) });
  });

  test('an address of ten thousand characters is refused, not served with an error of ours', async () => {
    const { status, body } = await serving.call(`recommendations/${'x'.repeat(10_000)}`);
    expect([400, 404, 414]).toContain(status);
    expect(body.code).toBeDefined();
  });

  test('what a request keeps out stays out where a file has no model to compute with', async () => {
    const ask = async (more: object) => {
      const { body } = await serving.call('recommendations', {
        payload: { customerId: 'anna', count: 2, ...more },
      });
      return body.items.map(({ productId }: { productId: string }) => productId);
    };
    expect(await ask({ excludeProductIds: ['v1-p0'] })).toEqual(['v1-p1', 'v1-p2']);
    expect(await ask({ context: { basket: ['v1-p0', 'v1-p2'] } })).toEqual(['v1-p1', 'v1-p3']);
    expect(await ask({ filter: { productIds: ['v1-p4', 'v1-p9'] } })).toEqual(['v1-p4', 'v1-p9']);
    const { body } = await serving.call('recommendations', {
      payload: { customerId: 'anna', filter: { categories: ['Tea'] } },
    });
    expect(body).toMatchObject({ status: 'none', statusReason: 'ineligible' });
  });

  test('before the first promotion there is nothing, and a reason', async () => {
    const { status, body } = await serving.call('recommendations/anna', {
      tenant: serving.tenants.newcomer.slug,
      key: 'newcomer',
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: 'none', statusReason: 'noModelYet', modelVersion: null, items: [] });
  });
});
