import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { AddressInfo } from 'node:net';
import { ServingUnderTest } from './serving-under-test.js';

let serving: ServingUnderTest;
let strict: NestFastifyApplication;
let address: string;

beforeAll(async () => {
  serving = await ServingUnderTest.start();
  await serving.addKey('shop', 'other-reader', ['read']);
  await serving.addKey('shop', 'third-reader', ['read']);
  strict = await serving.startNode({ KEY_REQUESTS_PER_SECOND: '1', TENANT_REQUESTS_PER_DAY: '25' });
  await strict.listen(0, '127.0.0.1');
  address = `http://127.0.0.1:${(strict.getHttpServer().address() as AddressInfo).port}`;
});

afterAll(async () => {
  await strict?.close();
  await serving?.stop();
});

const ask = (key: string, tenant = serving.shop) =>
  fetch(`${address}/v1/tenants/${tenant}/recommendations/anna`, {
    headers: { authorization: `Bearer ${serving.keys[key]}` },
  });

test('every answer says what is left; too much is refused, on the short way and on the ordinary one', async () => {
  const first = await ask('reader');
  expect(first.headers.get('ratelimit-policy')).toBe('"key";q=10;w=10, "tenant";q=25;w=86400');
  expect(first.headers.get('ratelimit')).toMatch(/^"key";r=9;t=1, "tenant";r=24;t=\d+$/);
  const statuses: number[] = [];
  for (let i = 0; i < 30 && statuses.at(-1) !== 429; i++) statuses.push((await ask('reader')).status);
  expect(statuses.length).toBeLessThan(14);
  const refused = await ask('reader');
  expect(refused.status).toBe(429);
  expect(refused.headers.get('content-type')).toContain('application/problem+json');
  expect(refused.headers.get('retry-after')).toBe('1');
  expect(refused.headers.get('ratelimit')).toMatch(/^"key";r=0;/);
  expect(await refused.json()).toMatchObject({ code: 'rateLimited' });
});

test('another key of the tenant goes on until the tenant has used up its day; other tenants do not notice', async () => {
  const codes: (string | undefined)[] = [];
  for (const key of ['other-reader', 'third-reader']) {
    for (let i = 0; i < 10; i++) codes.push(((await (await ask(key)).json()) as { code?: string }).code);
  }
  expect(codes[0]).toBeUndefined();
  expect(codes.at(-1)).toBe('quotaExceeded');
  expect((await ask('rival', serving.rival)).status).toBe(200);
});

test('a limit is of a key that is valid: a wrong one is refused as before', async () => {
  expect((await ask('expired')).status).toBe(401);
});
