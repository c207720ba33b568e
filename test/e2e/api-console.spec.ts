import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ApiUnderTest, expectProblem } from './api-under-test.js';

let api: ApiUnderTest;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'nightshift-console-'));
  mkdirSync(path.join(folder, 'assets'));
  writeFileSync(
    path.join(folder, 'index.html'),
    '<meta name="csp-nonce" content="{{nonce}}" /><p>console</p>',
  );
  writeFileSync(path.join(folder, 'icon.svg'), '<svg/>');
  writeFileSync(path.join(folder, 'assets/index-abc.js'), 'export const one = 1;');
  process.env.CONSOLE_DIR = folder;
  api = await ApiUnderTest.start();
});

afterAll(async () => {
  delete process.env.CONSOLE_DIR;
  await api?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const get = (url: string, headers = {}) => api.app.inject({ method: 'GET', url, headers });

test.each([
  '/',
  '/sign-in?next=%2Ftenants%2Fa',
  '/invitations/abc',
  '/tenants/green-grocer',
  '/tenants/green-grocer/models/3',
  '/operator',
  '/operator/tenants?state=frozen',
])('%s is answered by the page, which nobody keeps', async (url) => {
  const answer = await get(url);
  expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
  expect(answer.headers['cache-control']).toBe('no-store');
  expect(answer.body).toContain('<p>console</p>');
});

test('scripts are files of ours alone, and each page has a nonce of its own for styles', async () => {
  const nonces = await Promise.all(
    [1, 2].map(async () => {
      const { headers, body } = await get('/');
      const nonce = /content="([\w-]{22})"/.exec(body)?.[1];
      const policy = String(headers['content-security-policy']);
      expect(policy.split('; ')).toEqual(
        expect.arrayContaining([
          "default-src 'none'",
          "script-src 'self'",
          `style-src 'self' 'nonce-${nonce}'`,
          "frame-ancestors 'none'",
          "base-uri 'none'",
        ]),
      );
      expect(policy).not.toContain('unsafe');
      return nonce;
    }),
  );
  expect(new Set(nonces).size).toBe(2);
});

test('files with a hash in their names may be kept for a year', async () => {
  const answer = await get('/assets/index-abc.js');
  expect(answer.headers['cache-control']).toBe('public, max-age=31536000, immutable');
  expect(answer.headers['content-type']).toMatch(/javascript/);
  expect(answer.headers['x-content-type-options']).toBe('nosniff');
});

test.each(['/assets/none.js', '/assets/..%2Findex.html', '/nowhere', '/v1', '/v1/none', '/index.html'])(
  '%s stays a problem of the API',
  async (url) => expectProblem(await get(url), 404),
);

test('the addresses of the API are as they were', async () => {
  expectProblem(await get(`/v1/tenants/${api.ownSlug}`), 401, 'keyRequired');
  expect((await get('/health/live')).statusCode).toBe(200);
  expect((await get('/docs/openapi.json')).json().openapi).toBe('3.1.0');
  expect((await get('/docs')).body).toMatch(/swagger/i);
});

test('the tenant at a glance says when the next run is and where the endpoint lies', async () => {
  const ask = async () => (await api.ask('GET', '', { token: api.ownToken })).json();
  const { schedule, endpoint } = await ask();
  expect(schedule.nightStartsAtHour).toBe(0);
  // The first half hour after midnight in Berlin, winter or summer.
  expect(schedule.nextRunAt).toMatch(/T2[23]:[0-2]\d:/);
  expect(Date.parse(schedule.nextRunAt)).toBeGreaterThan(Date.now());
  expect(endpoint).toBe(`http://127.0.0.1:3001/v1/tenants/${api.ownSlug}/recommendations`);
  const off = { token: api.ownToken, payload: { state: 'off', reason: 'stocktaking' } };
  await api.ask('PUT', '/lifecycle', off);
  expect((await ask()).schedule.nextRunAt).toBeNull();
});
