import { setTimeout as sleep } from 'node:timers/promises';
import { createKeyToken, KEY_SCOPES } from '#libs/domain';
import { ApiUnderTest } from './api-under-test.js';
import { OpenApiUnderTest, type DescribedRoute } from './openapi-under-test.js';
import { Browser, People } from './people-under-test.js';

// Every route that the description has, asked by everybody: who is not in the matrix gets nothing.

/** What is behind the door: done, elsewhere, or a good request about something that is not there or not in that state. */
const IN = [200, 201, 202, 204, 302, 404, 409, 410];
/** What anybody may ask. A route that becomes open has to be put here by hand. */
const OPEN: Readonly<Record<string, readonly number[]>> = {
  'GET /health/live': [200],
  'GET /health/ready': [200],
  // From this machine; libs/telemetry tries it from others.
  'GET /metrics': [200],
  // Wrong, and after some of them locked.
  'POST /v1/session': [401, 423, 429],
  'GET /v1/session/providers': [200],
  'GET /v1/session/oidc': [404],
  // Back to the page for signing in, with the reason.
  'GET /v1/session/oidc/callback': [302],
  'GET /v1/invitations/{token}': [404],
  'POST /v1/invitations/{token}': [404],
};
/** The example's password is nobody's. */
const WRONG_PASSWORD = { 'PUT /v1/session/password': [401, 403] };
/** They change who may do what: asked when everything else has been, in this order. */
const LATE = ['/v1/visits', '/v1/tenants/{tenant}/erasures', '/v1/session'];

const ACTORS = {
  analyst: 'an analyst of the tenant',
  otherAdmin: 'an admin of another tenant',
  operator: 'an operator without a visit',
  nobody: 'no one',
  expiredKey: 'a key that has expired',
  otherKey: "another tenant's key with every scope",
  endedSession: 'an admin who has signed out',
  // Last: may ask for the end of the tenant.
  admin: 'an admin of the tenant',
} as const;
type Actor = keyof typeof ACTORS;

let api: ApiUnderTest;
let people: People;
let openApi: OpenApiUnderTest;
const headers = {} as Record<Actor, Record<string, string>>;

beforeAll(async () => {
  api = await ApiUnderTest.start();
  people = new People();
  openApi = new OpenApiUnderTest((await api.app.inject('/docs/openapi.json')).json());
  headers.admin = await session({ tenant: api.own });
  headers.analyst = await session({ tenant: api.own, role: 'analyst' });
  headers.otherAdmin = await session({ tenant: api.other });
  headers.operator = await session({ isOperator: true });
  headers.nobody = {};
  headers.expiredKey = keyHeaders(await expiredToken());
  headers.otherKey = keyHeaders(api.otherToken);
  headers.endedSession = await session({ tenant: api.own });
  await api.app.inject({ method: 'DELETE', url: '/v1/session', headers: headers.endedSession });
}, 120_000);

afterAll(async () => {
  await people?.close();
  await api?.stop();
});

async function session(options: Parameters<People['add']>[0]): Promise<Record<string, string>> {
  const { email } = await people.add(options);
  const browser = new Browser(api);
  expect((await browser.signIn(email)).statusCode).toBe(200);
  return { cookie: browser.cookie!, 'x-csrf-token': browser.csrfToken! };
}

/** In both headers: one is for the addresses of Gorse. */
function keyHeaders(token: string): Record<string, string> {
  return { authorization: `Bearer ${token}`, 'x-api-key': token };
}

async function expiredToken(): Promise<string> {
  const { keyId, secretSha256, token } = createKeyToken();
  await api.database.runBulk(api.own.id, (client) =>
    client.query(
      `INSERT INTO api_key (tenant_id, key_id, name, secret_sha256, scopes, expires_at)
       VALUES ($1, $2, 'expired', $3, $4, now() - interval '1 second')`,
      [api.own.id, keyId, secretSha256, KEY_SCOPES],
    ),
  );
  return token;
}

/** The statuses that this one may get here. */
function allowed({ route, path, operation }: DescribedRoute, actor: Actor): readonly number[] {
  if (OPEN[route] !== undefined) return OPEN[route];
  const hasSession = ['admin', 'analyst', 'otherAdmin', 'operator'].includes(actor);
  const person = operation['x-required-person'];
  if (person !== undefined) {
    if (!hasSession) return [401];
    if (person === 'operators') return actor === 'operator' ? IN : [403];
    return route in WRONG_PASSWORD ? [...IN, ...WRONG_PASSWORD['PUT /v1/session/password']] : IN;
  }
  // The key says which tenant it is: it can only be its own.
  if (path.startsWith('/api/')) return actor === 'otherKey' ? IN : [401];
  if (!path.startsWith('/v1/tenants/{tenant}')) return [];
  const scopes = operation['x-required-scope'] ?? ['admin'];
  switch (actor) {
    case 'admin':
      return IN;
    case 'analyst':
      return scopes.includes('read') || operation['x-open-to-members'] === true ? IN : [403];
    case 'otherAdmin':
    case 'operator':
    case 'otherKey':
      return [404];
    default:
      return [401];
  }
}

async function ask(route: DescribedRoute, actor: Actor) {
  const { url, payload, contentType, headers: own } = openApi.requestOf(route, { tenant: api.ownSlug });
  const type = contentType === undefined ? {} : { 'content-type': contentType };
  for (;;) {
    const answer = await api.app.inject({
      method: route.method as 'GET',
      url,
      headers: { ...own, ...headers[actor], ...type },
      ...(payload === undefined ? {} : { payload: JSON.stringify(payload) }),
    });
    if (answer.statusCode !== 429 || OPEN[route.route] !== undefined) return answer;
    await sleep(200);
  }
}

const isStream = ({ route }: DescribedRoute) => route === 'GET /v1/tenants/{tenant}/events';
const lateness = ({ path }: DescribedRoute) => LATE.findIndex((start) => path.startsWith(start));
/** A file that is no file of the example's mapping ends behind the door as well. */
const isUpload = ({ route }: DescribedRoute) => route === 'POST /v1/tenants/{tenant}/imports';

test.each(Object.entries(ACTORS))(
  '%s (%s) gets what the matrix says at every route, and nothing else',
  async (name) => {
    const actor = name as Actor;
    const routes = [...openApi.routes].sort((a, b) => lateness(a) - lateness(b));
    expect(routes.length).toBeGreaterThan(60);
    const wrong: string[] = [];
    for (const route of routes) {
      const expected = allowed(route, actor);
      // It would not end: test/e2e/api-events.spec.ts opens it.
      if (isStream(route) && expected === IN) continue;
      const { statusCode, body } = await ask(route, actor);
      const isBehindTheDoor = isUpload(route) && expected === IN && statusCode === 400;
      if (!expected.includes(statusCode) && !isBehindTheDoor)
        wrong.push(`${route.route}: ${statusCode}, not ${expected.join(' or ')} ${body.slice(0, 200)}`);
      if (statusCode === 404 && expected !== IN && OPEN[route.route] === undefined)
        expect(JSON.parse(body).code).toBe('notFound');
    }
    expect(wrong).toEqual([]);
  },
  120_000,
);

test('every route that takes no credentials is one that anybody may ask', () => {
  const open = openApi.routes.filter(({ operation }) => operation.security === undefined);
  expect(open.map(({ route }) => route).sort()).toEqual(Object.keys(OPEN).sort());
});
