import { IMPORT_CONTENT_TYPES } from '../../apps/api/src/imports/register-import-bodies.js';
import { ApiUnderTest, expectProblem } from './api-under-test.js';

const RUN_ID = '7c9e6679-7425-40de-944b-e07fc1f90ae7';

let api: ApiUnderTest;

beforeAll(async () => {
  api = await ApiUnderTest.start();
});

afterAll(() => api?.stop());

describe('bad input', () => {
  const ODD_TENANTS = ['%27%20OR%201=1', 'a%0ab', '%00', 'A'.repeat(900), '..%2f..', 'UPPER', '%F0%9F%92%A9'];
  test.each(ODD_TENANTS)('tenant %j is 404', async (tenant) => {
    expectProblem(await api.ask('GET', '', { token: api.ownToken, tenant }), 404);
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
    const token = api.ownToken;
    expectProblem(await api.ask('GET', `/runs/${id}`, { token }), 404);
    expectProblem(await api.ask('GET', `/models/${id}`, { token }), 404);
    expectProblem(
      await api.ask('POST', `/models/${id}/rollback`, { token, payload: { reason: 'why' } }),
      404,
    );
    expectProblem(await api.ask('DELETE', `/keys/${id}`, { token }), 404);
    expectProblem(await api.ask('GET', `/imports/${id}`, { token }), 404);
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
    ['POST', '/runs', { night: 'yesterday' }, 'night'],
    ['POST', '/runs', { evening: '2026-01-01' }, 'evening'],
    ['POST', '/keys', { name: 'x', scopes: [] }, 'scopes'],
    ['POST', '/keys', { name: 'x', scopes: ['root'] }, 'scopes'],
    ['POST', '/keys', { name: 'x', scopes: 'read' }, 'scopes'],
    ['POST', '/keys', { scopes: ['read'] }, 'name'],
    ['POST', '/keys', { name: 'x', scopes: ['read'], expiresAt: 'soon' }, 'expiresAt'],
    ['POST', '/keys', { name: 'x', scopes: ['read'], expiresAt: '2001-01-01T00:00:00Z' }, 'expiresAt'],
    ['POST', '/models/1/rollback', {}, 'reason'],
  ] as const)('%s %s %j names the field', async (method, path, payload, field) => {
    const problem = expectProblem(await api.ask(method, path, { token: api.ownToken, payload }), 400);
    expect(problem.errors.map((error: { field: string }) => error.field)).toContain(field);
  });

  test.each([
    ['broken JSON', '{"state":', 'application/json', 400],
    ['an array', '[1]', 'application/json', 400],
    ['a text', '"frozen"', 'application/json', 400],
    ['null', 'null', 'application/json', 400],
    ['a poisoned prototype', '{"__proto__":{"a":1}}', 'application/json', 400],
    ['XML', '<a/>', 'application/xml', 415],
    ['CSV where JSON belongs', 'a,b', 'text/csv', 415],
    ['a form', 'state=off&reason=x', 'application/x-www-form-urlencoded', 415],
    ['plain text', 'state=off&reason=x', 'text/plain', 415],
    ['two megabytes', JSON.stringify({ reason: 'x'.repeat(2_000_000) }), 'application/json', 413],
  ])('%s as a body', async (_name, payload, type, status) => {
    const headers = { authorization: `Bearer ${api.ownToken}`, 'content-type': type };
    const answer = await api.app.inject({
      method: 'PUT',
      url: `/v1/tenants/${api.ownSlug}/lifecycle`,
      headers,
      payload,
    });
    expectProblem(answer, status);
  });

  test('a file of another kind is told what imports take', async () => {
    const headers = { authorization: `Bearer ${api.ownToken}`, 'content-type': 'application/xml' };
    const url = `/v1/tenants/${api.ownSlug}/imports?mapping=x`;
    const problem = expectProblem(
      await api.app.inject({ method: 'POST', url, headers, payload: '<a/>' }),
      415,
    );
    for (const type of IMPORT_CONTENT_TYPES) expect(problem.detail).toContain(type);
  });

  const JSON_ROUTES = [
    ['POST', '/runs'],
    ['PUT', '/lifecycle'],
    ['POST', '/keys'],
    ['POST', '/models/1/rollback'],
  ] as const;

  // Over a real connection: what killed the process was the socket behind the body.
  test.each(JSON_ROUTES)('%s %s takes no file, whatever it is called', async (method, path) => {
    await api.app.listen(0, '127.0.0.1').catch(() => undefined);
    const address = `${await api.app.getUrl()}/v1/tenants/${api.ownSlug}`;
    const headers = { authorization: `Bearer ${api.ownToken}` };
    for (const type of IMPORT_CONTENT_TYPES) {
      const sent = { method, headers: { ...headers, 'content-type': type }, body: 'a,b' };
      const answer = await fetch(address + path, sent);
      expect({ type, status: answer.status, code: ((await answer.json()) as { code: string }).code }).toEqual(
        {
          type,
          status: 415,
          code: 'unsupportedMediaType',
        },
      );
    }
    expect((await fetch(address, { headers })).status).toBe(200);
  });

  test.each(JSON_ROUTES)(
    '%s %s refuses brackets without end and fields without number',
    async (method, path) => {
      const ask = (payload: unknown) => api.ask(method, path, { token: api.ownToken, payload });
      const deep = JSON.parse(`${'{"a":'.repeat(2_500)}1${'}'.repeat(2_500)}`);
      expectProblem(await ask(deep), 400, 'tooDeep');
      const fields = (count: number) =>
        Object.fromEntries(Array.from({ length: count }, (_, index) => [`f${index}`, 1]));
      expectProblem(await ask(fields(1_000)), 400, 'tooManyFields');
      expectProblem(await ask(fields(60_000)), 413, 'tooLarge');
      const some = await ask(fields(90));
      expect(expectProblem(some, 400, 'invalidFields').errors).toHaveLength(20);
      expect(some.body.length).toBeLessThan(4_000);
    },
  );

  test.each(['limit=0', 'limit=1e9', 'limit=x', 'limit=1&limit=2', 'limit[a]=1', 'other=1'])(
    '?%s is 400',
    async (query) => {
      for (const path of ['/runs', '/models', '/verdicts', '/lifecycle/history']) {
        expectProblem(await api.ask('GET', `${path}?${query}`, { token: api.ownToken }), 400);
      }
    },
  );
});
