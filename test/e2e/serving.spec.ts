import 'reflect-metadata';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { randomBytes, randomUUID } from 'node:crypto';
import { chmod, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import pg from 'pg';
import { countryFallback, createKeyToken, OVERALL_FALLBACK, type KeyScope } from '#libs/domain';
import { LmdbListStore, ServingReadModel } from '#libs/persistence';
import { createServing } from '../../apps/serving/src/create-serving.js';

/** The data plane in one process over a real Postgres: keys, lists, lifecycle, feedback, and what happens without Postgres. */

const suffix = randomBytes(4).toString('hex');
const SHOP = `shop-${suffix}`;
const RIVAL = `rival-${suffix}`;
const NEWCOMER = `newcomer-${suffix}`;
const POLL_MS = 100;
const NO_REDIS = 'redis://127.0.0.1:1';

const environmentBefore = { ...process.env };
let stateDirectory: string;
let store: LmdbListStore;
let application: pg.Pool;
let platform: pg.Pool;
let app: NestFastifyApplication;
const tenantIds: Record<string, number> = {};
const keys: Record<string, string> = {};

function required(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} must be set: see test/setup/global-setup.ts.`);
  return value;
}

async function asTenant(slug: string, sql: string, values: unknown[] = []): Promise<pg.QueryResult> {
  const client = await application.connect();
  try {
    await client.query('BEGIN');
    await client.query("SELECT set_config('app.tenant_id', $1, true)", [String(tenantIds[slug])]);
    const result = await client.query(sql, values);
    await client.query('COMMIT');
    return result;
  } finally {
    client.release();
  }
}

async function addTenant(slug: string): Promise<void> {
  const { rows } = await platform.query(
    `INSERT INTO tenant (slug, name, time_zone) VALUES ($1, $1, 'Europe/Berlin') RETURNING id`,
    [slug],
  );
  tenantIds[slug] = rows[0].id;
}

async function addKey(
  slug: string,
  name: string,
  scopes: KeyScope[],
  ends: { expires?: Date; revoked?: Date } = {},
) {
  const { keyId, secretSha256, token } = createKeyToken();
  await asTenant(
    slug,
    `INSERT INTO api_key (tenant_id, key_id, name, secret_sha256, scopes, expires_at, revoked_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [tenantIds[slug], keyId, name, secretSha256, scopes, ends.expires ?? null, ends.revoked ?? null],
  );
  keys[name] = token;
}

const ODD_CUSTOMERS = ['anna', "O'Brien", 'say "hi"', 'a/b', '🛒 basket', '100%', 'ü'.repeat(200)];

/** Lists of 30 products named after the version, so that a mixed answer would show. */
async function writeLists(slug: string, version: number, header: object = {}): Promise<string> {
  const listFile = `${slug}/${version}-${randomUUID()}.lists`;
  const productIds = Array.from({ length: 40 }, (_, index) => `v${version}-p${index}`);
  const writer = await store.create(listFile, {
    tenant: slug,
    modelVersion: version,
    algorithm: 'hybrid',
    watermark: '2026-11-20T00:00:00.000Z',
    productIds,
    ...header,
  });
  const list = (first: number, length: number, source: number) => ({
    products: Int32Array.from({ length }, (_, i) => first + i),
    scores: Float32Array.from({ length }, (_, i) => 1 - i / 100),
    sources: new Uint8Array(length).fill(source),
  });
  for (const customer of ODD_CUSTOMERS) writer.putCustomer(customer, list(0, 30, 2));
  writer.putFallback(OVERALL_FALLBACK, list(5, 30, 0));
  writer.putFallback(countryFallback('Norway'), list(10, 3, 3));
  writer.putCustomerFallback('nils', countryFallback('Norway'));
  await writer.finish();
  return listFile;
}

async function pointAt(slug: string, version: number, listFile: string): Promise<void> {
  await asTenant(
    slug,
    `INSERT INTO serving_pointer (tenant_id, model_version, publication_id, list_file) VALUES ($1, $2, $3, $4)
     ON CONFLICT (tenant_id) DO UPDATE SET model_version = excluded.model_version, list_file = excluded.list_file,
       publication_id = excluded.publication_id, revision = serving_pointer.revision + 1`,
    [tenantIds[slug], version, randomUUID(), listFile],
  );
}

async function setState(slug: string, state: string): Promise<void> {
  await asTenant(
    slug,
    'UPDATE tenant SET state = $2::lifecycle_state, state_changed_at = now() WHERE id = $1',
    [tenantIds[slug], state],
  );
}

async function startServing(
  databaseUrl: string,
  changes: Record<string, string> = {},
): Promise<NestFastifyApplication> {
  Object.assign(process.env, {
    SERVING_DATABASE_URL: databaseUrl,
    STATE_DIR: stateDirectory,
    POLL_MS: String(POLL_MS),
    LOG_LEVEL: 'silent',
    REDIS_URL: NO_REDIS,
    ...changes,
  });
  const started = await createServing();
  await started.init();
  await started.getHttpAdapter().getInstance().ready();
  return started;
}

interface Call {
  readonly key?: string;
  readonly tenant?: string;
  readonly payload?: object | string;
  readonly on?: NestFastifyApplication;
}

/** `path` below the tenant's address. */
async function call(path: string, { key = 'reader', tenant = SHOP, payload, on = app }: Call = {}) {
  const authorization = keys[key] === undefined ? key : `Bearer ${keys[key]}`;
  const answer = await on.inject({
    method: payload === undefined ? 'GET' : 'POST',
    url: `/v1/tenants/${tenant}/${path}`,
    payload,
    headers: {
      ...(authorization === '' ? {} : { authorization }),
      ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
    },
  });
  return { status: answer.statusCode, headers: answer.headers, body: answer.json() };
}

async function eventually(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 5_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('Not within five seconds.');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

beforeAll(async () => {
  stateDirectory = await mkdtemp(join(tmpdir(), 'nightshift-serving-'));
  store = new LmdbListStore(stateDirectory);
  application = new pg.Pool({ connectionString: required('TEST_DATABASE_URL'), max: 2 });
  platform = new pg.Pool({ connectionString: required('TEST_PLATFORM_DATABASE_URL'), max: 2 });
  for (const slug of [SHOP, RIVAL, NEWCOMER]) await addTenant(slug);
  await addKey(SHOP, 'reader', ['read']);
  await addKey(SHOP, 'reporter', ['feedback']);
  await addKey(SHOP, 'expired', ['read'], { expires: new Date(Date.now() - 1_000) });
  await addKey(SHOP, 'revoked', ['read'], { revoked: new Date() });
  await addKey(RIVAL, 'rival', ['read', 'feedback']);
  await addKey(NEWCOMER, 'newcomer', ['read']);
  await pointAt(SHOP, 1, await writeLists(SHOP, 1));
  await pointAt(RIVAL, 9, await writeLists(RIVAL, 9));
  app = await startServing(required('TEST_SERVING_DATABASE_URL'));
});

afterAll(async () => {
  await app?.close();
  await application?.end();
  await platform?.end();
  process.env = environmentBefore;
  await rm(stateDirectory, { recursive: true, force: true });
});

describe('recommendations', () => {
  test("a customer's own list", async () => {
    const { status, body, headers } = await call('recommendations/anna?count=3');
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
    expect((await call('recommendations/anna')).body.items).toHaveLength(10);
    expect((await call('recommendations/anna?count=100')).body).toMatchObject({
      status: 'partial',
      statusReason: 'fewCandidates',
      items: { length: 30 },
    });
  });

  test('an unknown customer gets the fallback and is told so', async () => {
    const unknown = { status: 'ok', statusReason: 'unknownCustomer', modelVersion: 1 };
    expect((await call('recommendations/zoe?count=2')).body).toMatchObject({
      ...unknown,
      items: [{ productId: 'v1-p5' }, {}],
    });
    expect((await call('recommendations/zoe?count=2&country=Norway')).body.items[0].productId).toBe('v1-p10');
    expect((await call('recommendations', { payload: { count: 2 } })).body).toMatchObject(unknown);
  });

  test('a customer without a history gets the fallback that the night chose, and is told so', async () => {
    expect((await call('recommendations/nils?count=2')).body).toMatchObject({
      status: 'ok',
      statusReason: 'newCustomer',
      modelVersion: 1,
      items: [{ productId: 'v1-p10', source: 'segment-popularity' }, {}],
    });
    const { body } = await app.inject('/metrics');
    expect(body).toMatch(/nightshift_serving_answers_total\{.*reason="newCustomer"/);
  });

  test.each(['line\nbreak', 'nul\0', 'tab\t'])(
    'the id %j is refused: no customer can have it',
    async (customerId) => {
      const { status, body } = await call(`recommendations/${encodeURIComponent(customerId)}`);
      expect([status, body.errors[0].field]).toEqual([400, 'customerId']);
    },
  );

  test.each(ODD_CUSTOMERS)('the id %j finds its list, in an address and in a body', async (customerId) => {
    const path = `recommendations/${encodeURIComponent(customerId)}?count=1`;
    expect((await call(path)).body).toMatchObject({ status: 'ok', statusReason: null });
    expect((await call('recommendations', { payload: { customerId, count: 1 } })).body).toMatchObject({
      statusReason: null,
    });
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
    `recommendations/${'x'.repeat(201)}`,
    'recommendations/%zz',
    'recommendations/%ff',
  ])('%s is refused with a problem', async (path) => {
    const { status, headers, body } = await call(path);
    expect([status, headers['content-type']]).toEqual([400, 'application/problem+json; charset=utf-8']);
    expect(body).toMatchObject({ status: 400, code: expect.any(String), detail: expect.any(String) });
  });

  test('an address of ten thousand characters is refused, not served with an error of ours', async () => {
    const { status, body } = await call(`recommendations/${'x'.repeat(10_000)}`);
    expect([400, 404, 414]).toContain(status);
    expect(body.code).toBeDefined();
  });

  test('before the first promotion there is nothing, and a reason', async () => {
    const { status, body } = await call('recommendations/anna', { tenant: NEWCOMER, key: 'newcomer' });
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: 'none', statusReason: 'noModelYet', modelVersion: null, items: [] });
  });
});

describe('keys', () => {
  test.each([
    ['no key', '', 401],
    ['an unknown key', `Bearer ${createKeyToken().token}`, 401],
    ['no key at all in it', 'Bearer x', 401],
    ['another scheme', 'Basic YTpi', 401],
    ['an expired key', 'expired', 401],
    ['a revoked key', 'revoked', 401],
    ['a key without the scope', 'reporter', 403],
    ["another tenant's key", 'rival', 404],
  ])('%s', async (_name, key, expected) => {
    const { status, body } = await call('recommendations/anna', { key });
    expect(status).toBe(expected);
    expect(JSON.stringify(body)).not.toContain('v1-');
    if (expected === 403) expect(body.detail).toContain('read');
  });

  test('the right id with a wrong secret', async () => {
    const wrong = keys.reader.slice(0, 25) + createKeyToken().token.slice(25);
    expect((await call('recommendations/anna', { key: `Bearer ${wrong}` })).status).toBe(401);
  });

  test("another tenant's address answers exactly as one that does not exist", async () => {
    const other = (await call('recommendations/anna', { tenant: RIVAL })).body;
    const nowhere = (await call('recommendations/anna', { tenant: `nowhere-${suffix}` })).body;
    expect(other).toEqual({
      ...nowhere,
      detail: nowhere.detail.replace('nowhere', 'rival'),
      instance: other.instance,
    });
    expect(other.status).toBe(404);
  });

  test('a key in the query or in the body opens nothing', async () => {
    expect((await call(`recommendations/anna?access_token=${keys.reader}`, { key: '' })).status).toBe(401);
    const payload = { access_token: keys.reader };
    expect((await call('recommendations', { key: '', payload })).status).toBe(401);
  });

  test('a key that is revoked stops working, a new one starts', async () => {
    await addKey(SHOP, 'short-lived', ['read']);
    const works = async () => (await call('recommendations/anna', { key: 'short-lived' })).status === 200;
    await eventually(works);
    await asTenant(SHOP, `UPDATE api_key SET revoked_at = now() WHERE name = 'short-lived'`);
    await eventually(async () => !(await works()));
  });
});

describe('lifecycle and promotion', () => {
  const anna = async () => (await call('recommendations/anna?count=5')).body;

  test('off, frozen and on again, each within seconds', async () => {
    await setState(SHOP, 'off');
    await eventually(async () => (await anna()).statusReason === 'off');
    expect(await anna()).toMatchObject({ status: 'none', modelVersion: null, items: [] });
    const events = [{ eventId: `while-off-${suffix}`, kind: 'bought', customerId: 'anna', productId: 'p' }];
    expect((await call('outcomes', { key: 'reporter', payload: { events } })).body.accepted).toBe(1);
    await setState(SHOP, 'frozen');
    await eventually(async () => (await anna()).statusReason === 'frozen');
    expect(await anna()).toMatchObject({ status: 'ok', modelVersion: 1, items: { length: 5 } });
    await setState(SHOP, 'on');
    await eventually(async () => (await anna()).statusReason === null);
  });

  test('a promotion and a rollback under load: every answer from one version', async () => {
    const listFile = await writeLists(SHOP, 2);
    const first = (await asTenant(SHOP, 'SELECT list_file FROM serving_pointer')).rows[0].list_file;
    const seen = new Set<number>();
    let running = true;
    const load = (async () => {
      while (running) {
        const { status, items, modelVersion } = await anna();
        expect(status).toBe('ok');
        expect(
          items.every((item: { productId: string }) => item.productId.startsWith(`v${modelVersion}-`)),
        ).toBe(true);
        seen.add(modelVersion);
        await new Promise((resolve) => setImmediate(resolve));
      }
    })();
    await pointAt(SHOP, 2, listFile);
    await eventually(async () => (await anna()).modelVersion === 2);
    await pointAt(SHOP, 1, first);
    await eventually(async () => (await anna()).modelVersion === 1);
    running = false;
    await load;
    expect([...seen].sort()).toEqual([1, 2]);
  });

  test('a file that cannot be opened leaves the lists before it serving, and is counted', async () => {
    const first = (await asTenant(SHOP, 'SELECT list_file FROM serving_pointer')).rows[0].list_file;
    const corrupt = `${SHOP}/corrupt.lists`;
    await writeFile(join(stateDirectory, 'lists', corrupt), 'x'.repeat(10_000));
    const foreign = await writeLists(SHOP, 3, { tenant: RIVAL });
    for (const listFile of [corrupt, foreign, `${SHOP}/missing.lists`, '../../etc/passwd']) {
      const before = await metric('nightshift_serving_list_open_failures_total');
      await pointAt(SHOP, 3, listFile);
      await eventually(async () => (await metric('nightshift_serving_list_open_failures_total')) > before);
      expect(await anna()).toMatchObject({ status: 'ok', modelVersion: 1 });
    }
    await pointAt(SHOP, 1, first);
  });

  test('a file that is cut while it is open is closed at the next poll, before anybody reads it', async () => {
    const first = (await asTenant(SHOP, 'SELECT list_file FROM serving_pointer')).rows[0].list_file;
    const doomed = await writeLists(SHOP, 4);
    await pointAt(SHOP, 4, doomed);
    await eventually(async () => (await anna()).modelVersion === 4);
    const path = join(stateDirectory, 'lists', doomed);
    await chmod(path, 0o640);
    await truncate(path, 4096);
    await eventually(async () => (await metric('nightshift_serving_lists_dropped_total')) > 0);
    expect(await anna()).toMatchObject({ status: 'ok', modelVersion: 1 });
    await pointAt(SHOP, 1, first);
    await eventually(async () => (await anna()).modelVersion === 1);
  });

  async function metric(name: string): Promise<number> {
    const { body } = await app.inject('/metrics');
    return Number(new RegExp(`^${name}\\{?.*? (\\d+)$`, 'm').exec(body)?.[1] ?? NaN);
  }
});

describe('outcomes', () => {
  const send = (payload: object | string) => call('outcomes', { key: 'reporter', payload });
  const event = (eventId: string, kind: string) => ({
    eventId: `${eventId}-${suffix}`,
    kind,
    customerId: 'anna',
    productId: 'v1-p0',
  });

  test('good rows land once, bad ones come back with index and field', async () => {
    const events = [
      event('e1', 'shown'),
      event('e2', 'bought'),
      { ...event('e3', 'eaten'), customerId: 7 },
      event('e2', 'bought'),
      4,
    ];
    const first = await send({ events });
    expect(first.status).toBe(200);
    expect(first.body).toMatchObject({ accepted: 2, alreadyKnown: 1 });
    expect(
      first.body.rejected.map((row: { index: number; field: string }) => [row.index, row.field]),
    ).toEqual([
      [2, 'kind'],
      [2, 'customerId'],
      [4, ''],
    ]);
    expect((await send({ events })).body).toMatchObject({ accepted: 0, alreadyKnown: 3 });
    const { rows } = await asTenant(SHOP, `SELECT kind FROM outcome WHERE event_id = $1`, [`e2-${suffix}`]);
    expect(rows).toEqual([{ kind: 'bought' }]);
    expect(
      (await asTenant(SHOP, `SELECT 1 FROM impression WHERE event_id = $1`, [`e1-${suffix}`])).rowCount,
    ).toBe(1);
    expect(
      (await asTenant(RIVAL, `SELECT 1 FROM outcome WHERE event_id = $1`, [`e2-${suffix}`])).rowCount,
    ).toBe(0);
  });

  test('a date that no calendar has is one bad row, not a lost batch', async () => {
    const events = [
      { ...event('old', 'shown'), occurredAt: '-200000-01-01T00:00:00Z' },
      event('new', 'shown'),
    ];
    const { status, body } = await send({ events });
    expect(status).toBe(200);
    expect(body).toMatchObject({ accepted: 1, rejected: [{ index: 0, field: 'occurredAt' }] });
  });

  test('two tenants may use the same event id', async () => {
    const payload = { events: [event('shared', 'clicked')] };
    expect((await send(payload)).body.accepted).toBe(1);
    expect((await call('outcomes', { tenant: RIVAL, key: 'rival', payload })).body.accepted).toBe(1);
  });

  test('the same batches at the same time count once', async () => {
    const events = Array.from({ length: 500 }, (_, index) => event(`race-${index}`, 'shown'));
    const reversed = [...events].reverse();
    const answers = await Promise.all(
      [events, reversed, events, reversed].map((batch) => send({ events: batch })),
    );
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 200]);
    expect(answers.reduce((sum, answer) => sum + answer.body.accepted, 0)).toBe(500);
  });

  test.each<[string, object | string, number]>([
    ['more than a thousand rows', { events: Array.from({ length: 1_001 }, () => ({})) }, 400],
    ['no list', { events: 'all' }, 400],
    ['no body', '', 400],
    ['half a body', '{"events": [', 400],
    ['a megabyte of brackets', `{"events": ${'['.repeat(400_000)}${']'.repeat(400_000)}}`, 400],
    ['more than a megabyte', `{"events": ["${'x'.repeat(1_100_000)}"]}`, 413],
    ['a polluted prototype', '{"events": [], "__proto__": {"admin": true}}', 400],
  ])('%s is refused with a problem', async (_name, payload, expected) => {
    const { status, body, headers } = await send(payload);
    expect([status, headers['content-type']]).toEqual([expected, 'application/problem+json; charset=utf-8']);
    expect(body.detail).not.toMatch(/node_modules|\.ts:/);
  });

  test('reading keys may not report, nor other tenants', async () => {
    const payload = { events: [event('foreign', 'shown')] };
    expect((await call('outcomes', { key: 'reader', payload })).body).toMatchObject({
      status: 403,
      code: 'scopeMissing',
    });
    expect((await call('outcomes', { key: 'rival', payload })).status).toBe(404);
  });
});

describe('without Postgres and Redis', () => {
  /** Takes every connection and hangs up: what a Postgres does that is shutting down. */
  const hangsUp = createServer((socket) =>
    socket.on('error', () => undefined).on('data', () => socket.end()),
  );
  let away: string;

  beforeAll(async () => {
    await new Promise<void>((resolve) => hangsUp.listen(0, '127.0.0.1', resolve));
    away = `postgresql://nobody@127.0.0.1:${(hangsUp.address() as AddressInfo).port}/none`;
  });

  afterAll(() => hangsUp.close());

  test('a node that starts again serves from its own disk, and is honest about feedback', async () => {
    const file = join(stateDirectory, 'serving', 'pointers.json');
    // The table is on the disk a moment after it is in memory.
    await eventually(async () => {
      const { tenants } = JSON.parse(await readFile(file, 'utf8'));
      const shop = tenants.find(({ slug }: { slug: string }) => slug === SHOP);
      return shop.state === 'on' && shop.pointer.modelVersion === 1;
    });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const text = await readFile(file, 'utf8');
    for (const token of Object.values(keys)) expect(text).not.toContain(token.slice(26));
    const lonely = await startServing(away);
    try {
      expect((await lonely.inject('/health/ready')).statusCode).toBe(200);
      const { body } = await call('recommendations/anna?count=2', { on: lonely });
      expect(body).toMatchObject({ status: 'ok', modelVersion: 1, items: { length: 2 } });
      expect((await call('recommendations/anna', { on: lonely, key: 'revoked' })).status).toBe(401);
      const events = [{ kind: 'bought', customerId: 'anna', productId: 'p' }];
      const refused = await call('outcomes', { on: lonely, key: 'reporter', payload: { events } });
      expect(refused).toMatchObject({ status: 503, body: { code: 'unavailable' } });
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    } finally {
      await lonely.close();
    }
  });

  test('a node that never had a table is alive, not ready, and blames no key', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'nightshift-empty-'));
    const lost = await startServing(away, { STATE_DIR: empty });
    try {
      expect((await lonelyStatus(lost, '/health/live')).status).toBe(200);
      expect((await lonelyStatus(lost, '/health/ready')).status).toBe(503);
      expect((await call('recommendations/anna', { on: lost })).status).toBe(503);
    } finally {
      await lost.close();
      await rm(empty, { recursive: true, force: true });
    }
  });

  async function lonelyStatus(on: NestFastifyApplication, url: string) {
    return { status: (await on.inject(url)).statusCode };
  }
});

(process.env.TEST_REDIS_URL === undefined ? test.skip : test)(
  'an announcement in Redis is heard at once',
  async () => {
    const url = process.env.TEST_REDIS_URL!;
    const prefix = `serving-${suffix}`;
    const changes = { REDIS_URL: url, REDIS_PREFIX: prefix, POLL_MS: '600000' };
    const listening = await startServing(required('TEST_SERVING_DATABASE_URL'), changes);
    const redis = new Redis(url);
    try {
      const reason = async () => (await call('recommendations/anna', { on: listening })).body.statusReason;
      expect(await reason()).toBeNull();
      await eventually(async () => (await redis.publish(`${prefix}:pointers`, '')) === 1);
      await setState(SHOP, 'off');
      await redis.publish(`${prefix}:pointers`, 'whatever');
      await eventually(async () => (await reason()) === 'off');
    } finally {
      redis.disconnect();
      await listening.close();
      await setState(SHOP, 'on');
    }
  },
);

test('the serving login reads the whole state once, and then only what has changed', async () => {
  const pool = new pg.Pool({ connectionString: required('TEST_SERVING_DATABASE_URL'), max: 1 });
  try {
    const model = new ServingReadModel(pool);
    const state = (await model.load())!;
    expect(state.tenants.find((tenant) => tenant.slug === NEWCOMER)).toMatchObject({
      state: 'on',
      pointer: undefined,
    });
    expect(state.keys.find((key) => keys.rival.includes(key.keyId))).toMatchObject({
      tenantId: tenantIds[RIVAL],
      scopes: ['read', 'feedback'],
    });
    expect(await model.load(state.fingerprint)).toBeUndefined();
    await setState(NEWCOMER, 'frozen');
    const changed = (await model.load(state.fingerprint))!;
    expect(changed.tenants.find((tenant) => tenant.slug === NEWCOMER)?.state).toBe('frozen');
    await expect(pool.query('SELECT * FROM outcome')).rejects.toThrow('permission denied');
    await expect(pool.query('SELECT name FROM tenant')).rejects.toThrow('permission denied');
  } finally {
    await pool.end();
  }
});

test('metrics name routes and reasons, never a tenant', async () => {
  const { body } = await app.inject('/metrics');
  expect(body).toContain('/v1/tenants/:tenant/recommendations/:customerId');
  expect(body).toMatch(/nightshift_serving_answers_total\{.*reason="off"/);
  expect(body).toMatch(/nightshift_serving_pointer_age_seconds\{?.* [0-4](\.\d+)?$/m);
  expect(body).not.toContain(suffix);
});

test('lists leave no lock files behind', async () => {
  const files = await readdir(join(stateDirectory, 'lists', SHOP));
  expect(files.filter((name) => !name.endsWith('.lists'))).toEqual([]);
});
