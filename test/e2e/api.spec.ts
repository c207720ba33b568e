import 'reflect-metadata';
import { randomBytes, randomUUID } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ApiKeyService, FleetTenantService, KEY_SCOPES, type KeyScope, type Tenant } from '#libs/domain';
import {
  createPostgresPool,
  PostgresApiKeyRepository,
  PostgresFleetTenantRepository,
  TenantDatabase,
} from '#libs/persistence';
import { createApi } from '../../apps/api/src/create-api.js';

type Method = 'GET' | 'PUT' | 'POST' | 'DELETE';

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
  { method: 'GET', path: '/runs', scopes: ['data', 'admin'] },
  { method: 'POST', path: '/runs', scopes: ['data', 'admin'] },
  { method: 'GET', path: `/runs/${RUN_ID}`, scopes: ['data', 'admin'], documentedAs: '/runs/{runId}' },
  { method: 'GET', path: '/models', scopes: ANY_READER },
  { method: 'GET', path: '/models/1', scopes: ANY_READER, documentedAs: '/models/{version}' },
  {
    method: 'POST',
    path: '/models/1/rollback',
    scopes: ['admin'],
    documentedAs: '/models/{version}/rollback',
  },
  { method: 'GET', path: '/verdicts', scopes: ANY_READER },
  { method: 'GET', path: '/keys', scopes: ['admin'] },
  { method: 'POST', path: '/keys', scopes: ['admin'] },
  { method: 'DELETE', path: '/keys/0123456789abcdef', scopes: ['admin'], documentedAs: '/keys/{keyId}' },
  { method: 'GET', path: '/imports', scopes: ['data'] },
  { method: 'POST', path: '/imports', scopes: ['data'] },
  { method: 'GET', path: `/imports/${RUN_ID}`, scopes: ['data'], documentedAs: '/imports/{importId}' },
  {
    method: 'GET',
    path: `/imports/${RUN_ID}/rejected`,
    scopes: ['data'],
    documentedAs: '/imports/{importId}/rejected',
  },
];

const suffix = randomBytes(4).toString('hex');
const OWN = `own-${suffix}`;
const OTHER = `other-${suffix}`;

let app: NestFastifyApplication;
let database: TenantDatabase;
let keys: ApiKeyService;
let own: Tenant;
let ownToken: string;
let otherToken: string;

beforeAll(async () => {
  process.env.DATABASE_URL = process.env.TEST_DATABASE_URL;
  process.env.STATE_DIR = process.env.TEST_STATE_DIR;
  process.env.LOG_LEVEL = 'silent';
  database = new TenantDatabase(pool('TEST_DATABASE_URL'));
  keys = new ApiKeyService(new PostgresApiKeyRepository(database));
  const platformPool = pool('TEST_PLATFORM_DATABASE_URL');
  const fleet = new FleetTenantService(new PostgresFleetTenantRepository(platformPool));
  const profile = { name: 'A shop', timeZone: 'Europe/Berlin', currency: 'EUR', settings: {} };
  own = await fleet.create({ slug: OWN, ...profile });
  const other = await fleet.create({ slug: OTHER, ...profile });
  await platformPool.end();
  ownToken = await tokenWith(own, KEY_SCOPES);
  otherToken = await tokenWith(other, KEY_SCOPES);
  app = await createApi();
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
});

afterAll(async () => {
  await app?.close();
  await database?.close();
});

function pool(name: string) {
  return createPostgresPool({ connectionString: process.env[name]!, max: 3, applicationName: 'api-spec' });
}

async function tokenWith(tenant: Tenant, scopes: readonly KeyScope[]): Promise<string> {
  return (await keys.create(tenant, { name: 'spec', scopes })).token;
}

async function ask(
  method: Method,
  path: string,
  options: { token?: string; payload?: unknown; tenant?: string } = {},
) {
  const authorization = options.token === undefined ? {} : { authorization: `Bearer ${options.token}` };
  return app.inject({
    method,
    url: `/v1/tenants/${options.tenant ?? OWN}${path}`,
    headers: authorization,
    ...(options.payload === undefined ? {} : { payload: options.payload as object }),
  });
}

function expectProblem(answer: Awaited<ReturnType<typeof ask>>, status: number, code?: string) {
  expect({ status: answer.statusCode, body: answer.body }).toMatchObject({ status });
  expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
  const problem = answer.json();
  expect(problem).toMatchObject({ status, instance: answer.headers['x-request-id'] });
  expect(problem.title).toEqual(expect.any(String));
  expect(problem.detail).toEqual(expect.any(String));
  if (code !== undefined) expect(problem.code).toBe(code);
  expect(answer.body).not.toMatch(/\.ts:|\.js:|node_modules|SELECT |prisma/i);
  return problem;
}

describe('every route', () => {
  test('is in this table: none is forgotten', async () => {
    const { paths } = (await app.inject({ url: '/docs/openapi.json' })).json();
    const documented = Object.entries<object>(paths)
      .filter(([path]) => path.startsWith('/v1/'))
      .flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`));
    const tested = ROUTES.map((r) => `${r.method} /v1/tenants/{tenant}${r.documentedAs ?? r.path}`);
    expect(documented.sort()).toEqual(tested.sort());
  });

  describe.each(ROUTES)('$method $path', ({ method, path, scopes }) => {
    test.each([
      ['no key', undefined],
      ['a key of another form', 'secret'],
      ['an unknown key', `ns_live_0123456789abcdef_${'a'.repeat(43)}`],
    ])('%s is 401', async (_name, token) => {
      const answer = await ask(method, path, { token });
      expectProblem(answer, 401, 'keyRequired');
      expect(answer.headers['www-authenticate']).toContain('Bearer');
    });

    test("a right key id with another key's secret is 401", async () => {
      const mixed = ownToken.slice(0, 25) + otherToken.slice(25);
      expectProblem(await ask(method, path, { token: mixed }), 401);
    });

    test("another tenant's address and an unknown one answer alike", async () => {
      const existing = expectProblem(await ask(method, path, { token: otherToken }), 404, 'notFound');
      const unknown = expectProblem(
        await ask(method, path, { token: otherToken, tenant: 'nobody' }),
        404,
        'notFound',
      );
      const anonymous = (problem: Record<string, unknown>, slug: string) => ({
        ...problem,
        instance: '',
        detail: String(problem.detail).replace(slug, '…'),
      });
      expect(anonymous(existing, OWN)).toEqual(anonymous(unknown, 'nobody'));
    });

    test('a key without the scope is 403 and names it', async () => {
      const lacking = KEY_SCOPES.filter((scope) => !scopes.includes(scope));
      const problem = expectProblem(
        await ask(method, path, { token: await tokenWith(own, lacking) }),
        403,
        'scopeMissing',
      );
      for (const scope of scopes) expect(problem.detail).toContain(scope);
    });
  });
});

describe('keys', () => {
  test('in the address or the body are not read', async () => {
    expectProblem(await app.inject({ url: `/v1/tenants/${OWN}?access_token=${ownToken}` }), 401);
    expectProblem(await ask('PUT', '/lifecycle', { payload: { access_token: ownToken } }), 401);
  });

  test.each(['Basic abc', 'Bearer', 'Bearer a b', '', 'Bearer \u00e9'])(
    '%j is 401',
    async (authorization) => {
      expectProblem(await app.inject({ url: `/v1/tenants/${OWN}`, headers: { authorization } }), 401);
    },
  );

  test('are created, listed without secrets and revoked for good', async () => {
    const payload = { name: 'till', scopes: ['read'] };
    const created = await ask('POST', '/keys', { token: ownToken, payload });
    expect(created.statusCode).toBe(201);
    const { keyId, token } = created.json();
    expect((await ask('GET', '', { token })).statusCode).toBe(200);
    const listed = await ask('GET', '/keys', { token: ownToken });
    expect(listed.json().keys).toContainEqual({ keyId, ...payload, expiresAt: null, revokedAt: null });
    expect(listed.body).not.toMatch(/sha256|ns_live_/i);
    expect((await ask('DELETE', `/keys/${keyId}`, { token: ownToken })).statusCode).toBe(204);
    expect((await ask('DELETE', `/keys/${keyId}`, { token: ownToken })).statusCode).toBe(204);
    expectProblem(await ask('GET', '', { token }), 401);
  });

  test('of another tenant cannot be revoked, and nobody learns that it exists', async () => {
    const otherKeyId = otherToken.slice(8, 24);
    expectProblem(await ask('DELETE', `/keys/${otherKeyId}`, { token: ownToken }), 404);
    expect((await ask('GET', '', { token: otherToken, tenant: OTHER })).statusCode).toBe(200);
  });
});

describe('bad input', () => {
  const ODD_TENANTS = ['%27%20OR%201=1', 'a%0ab', '%00', 'A'.repeat(900), '..%2f..', 'UPPER', '%F0%9F%92%A9'];
  test.each(ODD_TENANTS)('tenant %j is 404', async (tenant) => {
    expectProblem(await ask('GET', '', { token: ownToken, tenant }), 404);
  });

  const ODD_IDS = [
    '0',
    '-1',
    '1e9',
    '99999999999',
    'abc',
    '%00',
    "'%20OR%201=1",
    RUN_ID.toUpperCase(),
    'a%0ab',
    '1.5',
  ];
  test.each(ODD_IDS)('id %j is 404 on every route', async (id) => {
    const token = ownToken;
    expectProblem(await ask('GET', `/runs/${id}`, { token }), 404);
    expectProblem(await ask('GET', `/models/${id}`, { token }), 404);
    expectProblem(await ask('POST', `/models/${id}/rollback`, { token, payload: { reason: 'why' } }), 404);
    expectProblem(await ask('DELETE', `/keys/${id}`, { token }), 404);
    expectProblem(await ask('GET', `/imports/${id}`, { token }), 404);
  });

  test.each([
    ['PUT', '/lifecycle', {}, 'state'],
    ['PUT', '/lifecycle', { state: 'sleeping', reason: 'x' }, 'state'],
    ['PUT', '/lifecycle', { state: ['on'], reason: 'x' }, 'state'],
    ['PUT', '/lifecycle', { state: 'frozen' }, 'reason'],
    ['PUT', '/lifecycle', { state: 'frozen', reason: '' }, 'reason'],
    ['PUT', '/lifecycle', { state: 'frozen', reason: '   ' }, 'reason'],
    ['PUT', '/lifecycle', { state: 'frozen', reason: 7 }, 'reason'],
    ['PUT', '/lifecycle', { state: 'frozen', reason: 'a\u0000b' }, 'reason'],
    ['PUT', '/lifecycle', { state: 'frozen', reason: 'x'.repeat(501) }, 'reason'],
    ['PUT', '/lifecycle', { state: 'frozen', reason: 'x', actor: 'somebody else' }, 'actor'],
    ['POST', '/runs', { seed: 'one' }, 'seed'],
    ['POST', '/runs', { seed: 1.5 }, 'seed'],
    ['POST', '/runs', { seed: 2 ** 31 }, 'seed'],
    ['POST', '/runs', { night: '2026-01-01' }, 'night'],
    ['POST', '/keys', { name: 'x', scopes: [] }, 'scopes'],
    ['POST', '/keys', { name: 'x', scopes: ['root'] }, 'scopes'],
    ['POST', '/keys', { name: 'x', scopes: 'read' }, 'scopes'],
    ['POST', '/keys', { scopes: ['read'] }, 'name'],
    ['POST', '/keys', { name: 'x', scopes: ['read'], expiresAt: 'soon' }, 'expiresAt'],
    ['POST', '/keys', { name: 'x', scopes: ['read'], expiresAt: '2001-01-01T00:00:00Z' }, 'expiresAt'],
    ['POST', '/models/1/rollback', {}, 'reason'],
  ] as const)('%s %s %j names the field', async (method, path, payload, field) => {
    const problem = expectProblem(await ask(method, path, { token: ownToken, payload }), 400);
    expect(problem.errors.map((error: { field: string }) => error.field)).toContain(field);
  });

  test.each([
    ['broken JSON', '{"state":', 'application/json', 400],
    ['an array', '[1]', 'application/json', 400],
    ['a text', '"frozen"', 'application/json', 400],
    ['null', 'null', 'application/json', 400],
    ['a poisoned prototype', '{"__proto__":{"a":1}}', 'application/json', 400],
    ['XML', '<a/>', 'application/xml', 415],
    ['CSV where JSON belongs', 'a,b', 'text/csv', 400],
    ['a form', 'state=off&reason=x', 'application/x-www-form-urlencoded', 415],
    ['plain text', 'state=off&reason=x', 'text/plain', 415],
    ['two megabytes', JSON.stringify({ reason: 'x'.repeat(2_000_000) }), 'application/json', 413],
  ])('%s as a body', async (_name, payload, type, status) => {
    const headers = { authorization: `Bearer ${ownToken}`, 'content-type': type };
    const answer = await app.inject({ method: 'PUT', url: `/v1/tenants/${OWN}/lifecycle`, headers, payload });
    expectProblem(answer, status);
  });

  test.each(['limit=0', 'limit=1e9', 'limit=x', 'limit=1&limit=2', 'limit[a]=1', 'other=1'])(
    '?%s is 400',
    async (query) => {
      for (const path of ['/runs', '/models', '/verdicts', '/lifecycle/history']) {
        expectProblem(await ask('GET', `${path}?${query}`, { token: ownToken }), 400);
      }
    },
  );
});

describe('lifecycle', () => {
  test('is changed with a name and a reason, once, and kept in history', async () => {
    const token = ownToken;
    const change = (state: string, reason: string) =>
      ask('PUT', '/lifecycle', { token, payload: { state, reason } });
    expect((await change('frozen', 'prices')).json()).toMatchObject({ state: 'frozen', changed: true });
    expect((await change('frozen', 'again')).json()).toMatchObject({ state: 'frozen', changed: false });
    expect((await ask('GET', '/lifecycle', { token })).json()).toMatchObject({ state: 'frozen' });
    expect((await change('on', 'prices are fine')).json()).toMatchObject({ state: 'on', changed: true });
    const { changes } = (await ask('GET', '/lifecycle/history', { token })).json();
    const actor = `spec (${ownToken.slice(8, 24)})`;
    expect(changes.slice(0, 2)).toMatchObject([
      { fromState: 'frozen', toState: 'on', reason: 'prices are fine', actor },
      { fromState: 'on', toState: 'frozen', reason: 'prices', actor },
    ]);
    const messages = await database.run(own.id, (prisma) =>
      prisma.outbox.count({ where: { topic: 'lifecycle.changed' } }),
    );
    expect(messages).toBe(changes.length);
  });

  test('two people at once: both are answered, one change is recorded', async () => {
    const payload = { state: 'frozen', reason: 'both' };
    const answers = await Promise.all(
      [1, 2, 3].map(() => ask('PUT', '/lifecycle', { token: ownToken, payload })),
    );
    expect(answers.map((answer) => answer.statusCode)).toEqual([200, 200, 200]);
    expect(answers.filter((answer) => answer.json().changed)).toHaveLength(1);
    await ask('PUT', '/lifecycle', { token: ownToken, payload: { state: 'on', reason: 'go on' } });
  });
});

describe('runs', () => {
  test('are requested once, joined afterwards, and told stage by stage', async () => {
    const token = ownToken;
    const first = await ask('POST', '/runs', { token, payload: { reason: 'new range', seed: 7 } });
    expect(first.statusCode).toBe(202);
    const run = first.json();
    expect(run).toMatchObject({
      kind: 'manual',
      status: 'queued',
      seed: 7,
      joined: false,
      reason: 'new range',
    });
    const second = await ask('POST', '/runs', { token });
    expect(second.statusCode).toBe(200);
    expect(second.json()).toMatchObject({ id: run.id, joined: true });
    const told = (await ask('GET', `/runs/${run.id}`, { token })).json();
    expect(told.stages).toHaveLength(8);
    expect(told.stages[0]).toEqual({
      ...{ stage: 'snapshot', status: 'pending', progress: 0 },
      ...{ startedAt: null, finishedAt: null, error: null },
    });
    expect((await ask('GET', '/runs', { token })).json().runs).toHaveLength(1);
    expectProblem(await ask('GET', `/runs/${run.id}`, { token: otherToken, tenant: OTHER }), 404);
  });

  test('are refused while the recommender is off', async () => {
    const token = otherToken;
    const tenant = OTHER;
    await ask('PUT', '/lifecycle', { token, tenant, payload: { state: 'off', reason: 'closed' } });
    expectProblem(await ask('POST', '/runs', { token, tenant }), 409, 'tenantOff');
    await ask('PUT', '/lifecycle', { token, tenant, payload: { state: 'on', reason: 'open' } });
  });
});

describe('models', () => {
  beforeAll(() => publishVersions(own.id, [1, 2]));

  test('are listed with the one that serves', async () => {
    const { models } = (await ask('GET', '/models', { token: ownToken })).json();
    expect(models.map((m: { version: number; serving: boolean }) => [m.version, m.serving])).toEqual([
      [2, true],
      [1, false],
    ]);
    expect((await ask('GET', '/models/2', { token: ownToken })).json()).toMatchObject({
      version: 2,
      status: 'champion',
    });
    expect((await ask('GET', '', { token: ownToken })).json()).toMatchObject({
      tenant: OWN,
      served: { modelVersion: 2, algorithm: 'hybrid', customerLists: 10 },
    });
    expectProblem(await ask('GET', '/models/2', { token: otherToken, tenant: OTHER }), 404);
  });

  test('are rolled back to, without training', async () => {
    const token = ownToken;
    const answer = await ask('POST', '/models/1/rollback', { token, payload: { reason: 'sold out' } });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({ modelVersion: 1, revision: 2 });
    expect((await ask('GET', '/models/1', { token })).json()).toMatchObject({ serving: true });
    expectProblem(await ask('POST', '/models/99/rollback', { token, payload: { reason: 'x' } }), 404);
    const change = await database.run(own.id, (prisma) => prisma.registryChange.findFirst());
    expect(change).toMatchObject({ fromVersion: 2, toVersion: 1, reason: 'sold out' });
  });

  test('have verdicts, none yet', async () => {
    expect((await ask('GET', '/verdicts', { token: ownToken })).json()).toEqual({ verdicts: [] });
  });
});

describe('the process itself', () => {
  test('tells whether it lives and works, without a key', async () => {
    expect((await app.inject({ url: '/health/live' })).json()).toEqual({ status: 'live' });
    expect((await app.inject({ url: '/health/ready' })).json()).toEqual({ status: 'ready' });
  });

  test('counts answers by route, never by address', async () => {
    const { body, headers } = await app.inject({ url: '/metrics' });
    expect(headers['content-type']).toContain('text/plain');
    expect(body).toContain('route="/v1/tenants/:tenant/runs"');
    expect(body).not.toContain(OWN);
  });

  test('documents itself', async () => {
    expect((await app.inject({ url: '/docs' })).headers['content-type']).toContain('text/html');
    const document = (await app.inject({ url: '/docs/openapi.json' })).json();
    expect(document.openapi).toMatch(/^3\./);
    expect(document.components.securitySchemes.bearer).toMatchObject({ type: 'http', scheme: 'bearer' });
    expect(document.paths['/v1/tenants/{tenant}/lifecycle'].put.responses).toHaveProperty('403');
  });

  test('an unknown address is a problem as well', async () => {
    expectProblem(await app.inject({ url: '/v2/anything' }), 404, 'notFound');
    expectProblem(await app.inject({ method: 'DELETE', url: `/v1/tenants/${OWN}/lifecycle` }), 404);
  });
});

/** What nights would have left behind; the newest version serves. */
async function publishVersions(tenantId: number, versions: readonly number[]): Promise<void> {
  await database.run(tenantId, async (prisma) => {
    let publicationId = '';
    for (const version of versions) {
      const runId = randomUUID();
      publicationId = randomUUID();
      const serves = version === versions.at(-1);
      await prisma.modelVersion.create({
        data: {
          ...{
            tenantId,
            version,
            runId,
            status: serves ? 'champion' : 'retired',
            algorithm: 'hybrid',
            seed: 1,
          },
          ...{
            recipe: { algorithm: 'hybrid', params: {} },
            metrics: {},
            watermark: new Date(),
            holdoutFrom: new Date(),
          },
          ...{
            snapshotHash: 'aa',
            codeVersion: 'test',
            trainingSeconds: 1,
            artifact: 'a',
            artifactSha256: 'bb',
          },
        },
      });
      await prisma.publication.create({
        data: {
          ...{
            tenantId,
            publicationId,
            runId,
            modelVersion: version,
            listFile: `v${version}`,
            listSha256: 'cc',
          },
          ...{ customerLists: 10, fallbackLists: 1 },
        },
      });
    }
    const modelVersion = versions.at(-1)!;
    await prisma.servingPointer.create({
      data: { tenantId, modelVersion, publicationId, listFile: `v${modelVersion}` },
    });
  });
}
