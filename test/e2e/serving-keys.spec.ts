import { createKeyToken } from '#libs/domain';
import { KeyUseNotes } from '#libs/http';
import { ServingReadModel } from '#libs/persistence';
import { createTestTenant } from '#libs/testing';
import { eventually, ServingUnderTest } from './serving-under-test.js';

let serving: ServingUnderTest;

beforeAll(async () => {
  serving = await ServingUnderTest.start();
});

afterAll(() => serving?.stop());

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
    const { status, body } = await serving.call('recommendations/anna', { key });
    expect(status).toBe(expected);
    expect(JSON.stringify(body)).not.toContain('v1-');
    if (expected === 403) expect(body.detail).toContain('read');
  });

  test('their last use is noted for their tenant to see, and nothing else of them changes', async () => {
    await serving.addKey('shop', 'noted', ['read']);
    await eventually(
      async () => (await serving.call('recommendations/anna', { key: 'noted' })).status === 200,
    );
    await serving.app.get(KeyUseNotes).note();
    const { rows } = await serving.asTenant(
      'shop',
      'SELECT last_used_at, scopes, revoked_at FROM api_key WHERE name = $1',
      ['noted'],
    );
    expect(rows).toEqual([{ last_used_at: expect.any(Date), scopes: ['read'], revoked_at: null }]);
    const other = 'UPDATE api_key SET revoked_at = now()';
    await expect(serving.database.serving.query(other)).rejects.toMatchObject({ code: '42501' });
  });

  test('the right id with a wrong secret', async () => {
    const wrong = serving.keys.reader.slice(0, 25) + createKeyToken().token.slice(25);
    expect((await serving.call('recommendations/anna', { key: `Bearer ${wrong}` })).status).toBe(401);
  });

  test("another tenant's address answers exactly as one that does not exist", async () => {
    const other = (await serving.call('recommendations/anna', { tenant: serving.rival })).body;
    const nobody = `no-${serving.shop}`;
    const nowhere = (await serving.call('recommendations/anna', { tenant: nobody })).body;
    expect(other).toEqual({
      ...nowhere,
      detail: nowhere.detail.replace(nobody, serving.rival),
      instance: other.instance,
    });
    expect(other.status).toBe(404);
  });

  test('a key in the query or in the body opens nothing', async () => {
    expect(
      (await serving.call(`recommendations/anna?access_token=${serving.keys.reader}`, { key: '' })).status,
    ).toBe(401);
    const payload = { access_token: serving.keys.reader };
    expect((await serving.call('recommendations', { key: '', payload })).status).toBe(401);
  });

  test('a key that is revoked stops working', async () => {
    await serving.addKey('shop', 'short-lived', ['read']);
    const works = async () =>
      (await serving.call('recommendations/anna', { key: 'short-lived' })).status === 200;
    expect(await works()).toBe(true);
    await serving.asTenant('shop', `UPDATE api_key SET revoked_at = now() WHERE name = 'short-lived'`);
    await eventually(async () => !(await works()));
  });
});

describe('a new key', () => {
  const NEVER = { POLL_MS: '600000' };

  test('works at once, that of a new tenant too: nobody waits for the next poll', async () => {
    const node = await serving.startNode(NEVER);
    try {
      await serving.addKey('shop', 'fresh', ['read']);
      const own = await serving.call('recommendations/anna', { on: node, key: 'fresh' });
      expect(own).toMatchObject({ status: 200, body: { modelVersion: 1 } });
      const tenant = await createTestTenant(serving.database);
      await serving.addKeyOf(tenant, 'first', ['read']);
      const call = { on: node, key: 'first', tenant: tenant.slug };
      expect(await serving.call('recommendations/anna', call)).toMatchObject({
        status: 200,
        body: { statusReason: 'noModelYet' },
      });
    } finally {
      await node.close();
    }
  });

  test('does not work with another secret, nor once it has ended', async () => {
    const node = await serving.startNode(NEVER);
    try {
      await serving.addKey('shop', 'late', ['read'], { revoked: new Date() });
      expect((await serving.call('recommendations/anna', { on: node, key: 'late' })).status).toBe(401);
      await serving.addKey('shop', 'guessed', ['read']);
      const wrong = serving.keys.guessed.slice(0, 25) + createKeyToken().token.slice(25);
      const call = { on: node, key: `Bearer ${wrong}` };
      expect((await serving.call('recommendations/anna', call)).status).toBe(401);
    } finally {
      await node.close();
    }
  });
});

test('the serving login reads the whole state once, and then only what has changed', async () => {
  const pool = serving.database.serving;
  const model = new ServingReadModel(pool);
  const state = (await model.load())!;
  expect(state.tenants.find((tenant) => tenant.slug === serving.tenants.newcomer.slug)).toMatchObject({
    state: 'on',
    pointer: undefined,
  });
  expect(state.keys.find((key) => serving.keys.rival.includes(key.keyId))).toMatchObject({
    tenantId: serving.tenants.rival.id,
    scopes: ['read', 'feedback'],
  });
  expect(await model.load(state.fingerprint)).toBeUndefined();
  await serving.setState('newcomer', 'frozen');
  const changed = (await model.load(state.fingerprint))!;
  expect(changed.tenants.find((tenant) => tenant.slug === serving.tenants.newcomer.slug)?.state).toBe(
    'frozen',
  );
  expect(
    await Promise.all([state.keys[0].keyId, createKeyToken().keyId].map((id) => model.hasKey(id))),
  ).toEqual([true, false]);
  await expect(pool.query('SELECT * FROM outcome')).rejects.toThrow('permission denied');
  await expect(pool.query('SELECT name FROM tenant')).rejects.toThrow('permission denied');
});
