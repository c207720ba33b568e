import { KEY_SCOPES, type KeyScope } from '#libs/domain';
import { createApi } from '../../apps/api/src/create-api.js';
import { ApiUnderTest, expectProblem, type Method } from './api-under-test.js';

interface Route {
  readonly method: Method;
  readonly path: string;
  readonly scopes: readonly KeyScope[];
  readonly documentedAs?: string;
}

const ANY_READER: readonly KeyScope[] = ['read', 'data', 'admin'];
const RUN_ID = '7c9e6679-7425-40de-944b-e07fc1f90ae7';

const ROUTES: readonly Route[] = [
  { method: 'GET', path: '', scopes: ANY_READER },
  { method: 'GET', path: '/lifecycle', scopes: ANY_READER },
  { method: 'PUT', path: '/lifecycle', scopes: ['admin'] },
  { method: 'GET', path: '/lifecycle/history', scopes: ANY_READER },
  { method: 'GET', path: '/events', scopes: ANY_READER },
  { method: 'GET', path: '/settings', scopes: ANY_READER },
  { method: 'PUT', path: '/settings', scopes: ['admin'] },
  { method: 'POST', path: '/settings/preview', scopes: ANY_READER },
  { method: 'GET', path: '/runs', scopes: ANY_READER },
  { method: 'POST', path: '/runs', scopes: ['data', 'admin'] },
  { method: 'GET', path: `/runs/${RUN_ID}`, scopes: ANY_READER, documentedAs: '/runs/{runId}' },
  { method: 'GET', path: `/runs/${RUN_ID}/log`, scopes: ANY_READER, documentedAs: '/runs/{runId}/log' },
  { method: 'GET', path: '/models', scopes: ANY_READER },
  { method: 'GET', path: '/models/history', scopes: ANY_READER },
  { method: 'GET', path: '/models/1', scopes: ANY_READER, documentedAs: '/models/{version}' },
  {
    method: 'POST',
    path: '/models/1/rollback',
    scopes: ['admin'],
    documentedAs: '/models/{version}/rollback',
  },
  {
    method: 'POST',
    path: '/models/1/promotion',
    scopes: ['admin'],
    documentedAs: '/models/{version}/promotion',
  },
  { method: 'GET', path: '/verdicts', scopes: ANY_READER },
  { method: 'GET', path: '/rules', scopes: ANY_READER },
  { method: 'PUT', path: '/rules', scopes: ['admin'] },
  { method: 'POST', path: '/rules/preview', scopes: ANY_READER },
  { method: 'GET', path: '/rules/history', scopes: ANY_READER },
  { method: 'GET', path: '/rules/vocabulary', scopes: ANY_READER },
  { method: 'GET', path: '/products', scopes: ANY_READER },
  { method: 'GET', path: '/reranking', scopes: ANY_READER },
  { method: 'PUT', path: '/reranking', scopes: ['admin'] },
  { method: 'POST', path: '/reranking/preview', scopes: ANY_READER },
  { method: 'GET', path: '/reranking/history', scopes: ANY_READER },
  {
    method: 'GET',
    path: '/products/P1/availability',
    scopes: ANY_READER,
    documentedAs: '/products/{productId}/availability',
  },
  {
    method: 'PUT',
    path: '/products/P1/availability',
    scopes: ['data', 'admin'],
    documentedAs: '/products/{productId}/availability',
  },
  {
    method: 'GET',
    path: '/products/P1/availability/history',
    scopes: ANY_READER,
    documentedAs: '/products/{productId}/availability/history',
  },
  { method: 'GET', path: '/insights', scopes: ANY_READER },
  { method: 'GET', path: '/kpis', scopes: ANY_READER },
  { method: 'GET', path: '/kpis/earnings', scopes: ANY_READER },
  { method: 'GET', path: '/kpis/purchases', scopes: ANY_READER },
  { method: 'GET', path: '/customers', scopes: ['data', 'admin'] },
  {
    method: 'GET',
    path: '/customers/C1',
    scopes: ['data', 'admin'],
    documentedAs: '/customers/{customerId}',
  },
  {
    method: 'POST',
    path: '/customers/C1/explanation',
    scopes: ['data', 'admin'],
    documentedAs: '/customers/{customerId}/explanation',
  },
  {
    method: 'GET',
    path: '/customers/C1/export',
    scopes: ['admin'],
    documentedAs: '/customers/{customerId}/export',
  },
  { method: 'DELETE', path: '/customers/C1', scopes: ['admin'], documentedAs: '/customers/{customerId}' },
  { method: 'GET', path: '/erasures', scopes: ['admin'] },
  { method: 'POST', path: '/erasures', scopes: ['admin'] },
  { method: 'GET', path: `/erasures/${RUN_ID}`, scopes: ['admin'], documentedAs: '/erasures/{erasureId}' },
  { method: 'GET', path: '/exports', scopes: ['data'] },
  { method: 'POST', path: '/exports', scopes: ['data'] },
  { method: 'GET', path: `/exports/${RUN_ID}`, scopes: ['data'], documentedAs: '/exports/{exportId}' },
  {
    method: 'GET',
    path: `/exports/${RUN_ID}/history`,
    scopes: ['data'],
    documentedAs: '/exports/{exportId}/history',
  },
  {
    method: 'GET',
    path: `/exports/${RUN_ID}/file`,
    scopes: ['data'],
    documentedAs: '/exports/{exportId}/file',
  },
  { method: 'GET', path: '/members', scopes: ['read', 'admin'] },
  { method: 'POST', path: '/members/invitations', scopes: ['admin'] },
  {
    method: 'DELETE',
    path: `/members/invitations/${RUN_ID}`,
    scopes: ['admin'],
    documentedAs: '/members/invitations/{invitationId}',
  },
  { method: 'PATCH', path: `/members/${RUN_ID}`, scopes: ['admin'], documentedAs: '/members/{accountId}' },
  { method: 'DELETE', path: `/members/${RUN_ID}`, scopes: ['admin'], documentedAs: '/members/{accountId}' },
  { method: 'GET', path: '/visits', scopes: ['read', 'admin'] },
  { method: 'GET', path: '/audit', scopes: ['read', 'admin'] },
  { method: 'GET', path: '/audit/verification', scopes: ['read', 'admin'] },
  { method: 'GET', path: '/audit/export', scopes: ['read', 'admin'] },
  { method: 'GET', path: '/keys', scopes: ['admin'] },
  { method: 'POST', path: '/keys', scopes: ['admin'] },
  {
    method: 'POST',
    path: '/keys/0123456789abcdef/rotate',
    scopes: ['admin'],
    documentedAs: '/keys/{keyId}/rotate',
  },
  { method: 'DELETE', path: '/keys/0123456789abcdef', scopes: ['admin'], documentedAs: '/keys/{keyId}' },
  { method: 'GET', path: '/imports', scopes: ['data'] },
  { method: 'POST', path: '/imports', scopes: ['data'] },
  { method: 'POST', path: '/imports/preview', scopes: ['data'] },
  {
    method: 'GET',
    path: `/imports/${RUN_ID}`,
    scopes: ['data'],
    documentedAs: '/imports/{importId}',
  },
  {
    method: 'GET',
    path: `/imports/${RUN_ID}/rejected`,
    scopes: ['data'],
    documentedAs: '/imports/{importId}/rejected',
  },
];

/** Of no tenant: for people who are signed in, with what the others need none for. */
const PEOPLE: readonly { route: string; who: 'anybody' | 'signedIn' | 'operators' }[] = [
  { route: 'POST /v1/session', who: 'anybody' },
  { route: 'GET /v1/session/providers', who: 'anybody' },
  { route: 'GET /v1/session/oidc', who: 'anybody' },
  { route: 'GET /v1/session/oidc/callback', who: 'anybody' },
  { route: 'GET /v1/invitations/{token}', who: 'anybody' },
  { route: 'POST /v1/invitations/{token}', who: 'anybody' },
  { route: 'GET /v1/session', who: 'signedIn' },
  { route: 'DELETE /v1/session', who: 'signedIn' },
  { route: 'PUT /v1/session/password', who: 'signedIn' },
  { route: 'POST /v1/visits', who: 'operators' },
  { route: 'DELETE /v1/visits/{visitId}', who: 'operators' },
  { route: 'GET /v1/accounts', who: 'operators' },
  { route: 'POST /v1/accounts/{email}/unlock', who: 'operators' },
  { route: 'POST /v1/accounts/{email}/disable', who: 'operators' },
  { route: 'POST /v1/accounts/{email}/enable', who: 'operators' },
  { route: 'GET /v1/templates', who: 'operators' },
  { route: 'POST /v1/templates', who: 'operators' },
  { route: 'GET /v1/templates/{version}', who: 'operators' },
  { route: 'GET /v1/rollouts', who: 'operators' },
  { route: 'POST /v1/rollouts', who: 'operators' },
  { route: 'GET /v1/rollouts/{rolloutId}', who: 'operators' },
  { route: 'POST /v1/rollouts/{rolloutId}/widen', who: 'operators' },
  { route: 'POST /v1/rollouts/{rolloutId}/stop', who: 'operators' },
  { route: 'POST /v1/rollouts/{rolloutId}/complete', who: 'operators' },
  { route: 'GET /v1/fleet/tenants', who: 'operators' },
  { route: 'GET /v1/fleet/tenants/{tenant}', who: 'operators' },
  { route: 'GET /v1/fleet/queues/{queue}/jobs', who: 'operators' },
  { route: 'POST /v1/fleet/bulk-actions/previews', who: 'operators' },
  { route: 'POST /v1/fleet/bulk-actions', who: 'operators' },
  { route: 'POST /v1/fleet/onboarding', who: 'operators' },
  { route: 'GET /v1/fleet/rates', who: 'operators' },
  { route: 'PUT /v1/fleet/alert-thresholds', who: 'operators' },
  { route: 'GET /v1/fleet/work', who: 'operators' },
  { route: 'GET /v1/fleet/runs', who: 'operators' },
  { route: 'GET /v1/fleet/costs', who: 'operators' },
  { route: 'GET /v1/fleet/trail', who: 'operators' },
  { route: 'GET /v1/fleet/trail/verification', who: 'operators' },
];

let api: ApiUnderTest;

beforeAll(async () => {
  api = await ApiUnderTest.start();
});

afterAll(() => api?.stop());

describe('every route', () => {
  test('is in this table: none is forgotten', async () => {
    const { paths } = (await api.app.inject({ url: '/docs/openapi.json' })).json();
    const documented = Object.entries<object>(paths)
      .filter(([path]) => path.startsWith('/v1/'))
      .flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`));
    const tested = ROUTES.map((r) => `${r.method} /v1/tenants/{tenant}${r.documentedAs ?? r.path}`);
    expect(documented.sort()).toEqual([...tested, ...PEOPLE.map(({ route }) => route)].sort());
  });

  test.each(PEOPLE.filter(({ who }) => who !== 'anybody'))('$route is closed to keys', async ({ route }) => {
    const [method, path] = route.split(' ');
    const headers = { authorization: `Bearer ${api.ownToken}` };
    const url = path.replace('{email}', 'a@b.example').replace('{visitId}', RUN_ID);
    const answer = await api.app.inject({ method: method as Method, url, headers });
    expectProblem(answer, 401, 'sessionRequired');
  });

  describe.each(ROUTES)('$method $path', ({ method, path, scopes }) => {
    test.each([
      ['no key', undefined],
      ['a key of another form', 'secret'],
      ['an unknown key', `ns_live_0123456789abcdef_${'a'.repeat(43)}`],
    ])('%s is 401', async (_name, token) => {
      const answer = await api.ask(method, path, { token });
      expectProblem(answer, 401, 'keyRequired');
      expect(answer.headers['www-authenticate']).toContain('Bearer');
    });

    test("a right key id with another key's secret is 401", async () => {
      const mixed = api.ownToken.slice(0, 25) + api.otherToken.slice(25);
      expectProblem(await api.ask(method, path, { token: mixed }), 401);
    });

    test("another tenant's address and an unknown one answer alike", async () => {
      const existing = expectProblem(await api.ask(method, path, { token: api.otherToken }), 404, 'notFound');
      const unknown = expectProblem(
        await api.ask(method, path, { token: api.otherToken, tenant: 'nobody' }),
        404,
        'notFound',
      );
      const anonymous = (problem: Record<string, unknown>, slug: string) => ({
        ...problem,
        instance: '',
        detail: String(problem.detail).replace(slug, '…'),
      });
      expect(anonymous(existing, api.ownSlug)).toEqual(anonymous(unknown, 'nobody'));
    });

    test('a key without the scope is 403 and names it', async () => {
      const lacking = KEY_SCOPES.filter((scope) => !scopes.includes(scope));
      const problem = expectProblem(
        await api.ask(method, path, { token: await api.tokenWith(lacking) }),
        403,
        'scopeMissing',
      );
      for (const scope of scopes) expect(problem.detail).toContain(scope);
    });
  });
});

describe('the process itself', () => {
  test('tells whether it lives and works, without a key', async () => {
    expect((await api.app.inject({ url: '/health/live' })).json()).toEqual({ status: 'live' });
    expect((await api.app.inject({ url: '/health/ready' })).json()).toEqual({ status: 'ready' });
  });

  test('counts answers by route, never by address', async () => {
    const { body, headers } = await api.app.inject({ url: '/metrics' });
    expect(headers['content-type']).toContain('text/plain');
    expect(body).toContain('route="/v1/tenants/:tenant/runs"');
    expect(body).not.toContain(api.ownSlug);
  });

  test('documents itself', async () => {
    expect((await api.app.inject({ url: '/docs' })).headers['content-type']).toContain('text/html');
    const document = (await api.app.inject({ url: '/docs/openapi.json' })).json();
    expect(document.openapi).toMatch(/^3\./);
    expect(document.components.securitySchemes.bearer).toMatchObject({ type: 'http', scheme: 'bearer' });
    expect(document.paths['/v1/tenants/{tenant}/lifecycle'].put.responses).toHaveProperty('403');
    expect(Object.keys(document.components.schemas.RunDto.properties)).toEqual(
      expect.arrayContaining(['stages', 'dataQuality', 'sentence']),
    );
  });

  test('an outage of the database is 503 with a time to come back, and not ready', async () => {
    const url = process.env.DATABASE_URL;
    process.env.DATABASE_URL = 'postgresql://nobody:secret@127.0.0.1:1/away';
    const away = await createApi();
    try {
      await away.init();
      const headers = { authorization: `Bearer ${api.ownToken}` };
      const answer = await away.inject({ url: `/v1/tenants/${api.ownSlug}`, headers });
      expectProblem(answer, 503, 'unavailable');
      expect(answer.headers['retry-after']).toBe('5');
      expect(answer.body).not.toMatch(/secret|127\.0\.0\.1|ECONNREFUSED/);
      expectProblem(await away.inject({ url: '/health/ready' }), 503, 'unavailable');
      expect((await away.inject({ url: '/health/live' })).statusCode).toBe(200);
    } finally {
      process.env.DATABASE_URL = url;
      await away.close();
    }
  });

  test('an unknown address is a problem as well', async () => {
    expectProblem(await api.app.inject({ url: '/v2/anything' }), 404, 'notFound');
    expectProblem(
      await api.app.inject({ method: 'DELETE', url: `/v1/tenants/${api.ownSlug}/lifecycle` }),
      404,
    );
  });
});
