import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { AddressInfo } from 'node:net';
import { FleetTenantService } from '#libs/domain';
import { PostgresFleetTenantRepository } from '#libs/persistence';
import { eventually, ServingUnderTest } from './serving-under-test.js';

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

describe('a quota of the tenant’s own', () => {
  const QUOTA = 20;
  let nodes: NestFastifyApplication[] = [];
  const askOf = (node: NestFastifyApplication, tenant = serving.shop, key = 'reader') =>
    node.inject({
      url: `/v1/tenants/${tenant}/recommendations/anna`,
      headers: { authorization: `Bearer ${serving.keys[key]}` },
    });
  const left = async (node: NestFastifyApplication) =>
    Number(/"tenant";r=(\d+)/.exec(`${(await askOf(node)).headers.ratelimit}`)?.[1]);

  beforeAll(async () => {
    nodes = [
      await serving.startNode({ TENANT_REQUESTS_PER_DAY: '0', KEY_REQUESTS_PER_SECOND: '1000' }),
      await serving.startNode(),
    ];
  });
  afterAll(() => Promise.all(nodes.map((node) => node.close())));

  test('reaches nodes within five seconds, counts on all of them together, and is nobody else’s', async () => {
    const fleet = new FleetTenantService(new PostgresFleetTenantRepository(serving.database.platform));
    await fleet.changeQuota(serving.shop, QUOTA);
    const policyOf = async (node: NestFastifyApplication) =>
      (await askOf(node, serving.shop, 'expired')).statusCode === 401 &&
      (await askOf(node)).headers['ratelimit-policy'];
    await eventually(async () => `${await policyOf(nodes[0])}`.includes(`"tenant";q=${QUOTA};w=86400`));
    await eventually(async () => {
      const answers = [await askOf(nodes[0]), await askOf(nodes[1])];
      return answers.some(({ statusCode }) => statusCode === 429);
    });
    await eventually(async () => (await left(nodes[0])) === 0 && (await left(nodes[1])) === 0);
    const { rows } = await serving.database.admin.query(
      `SELECT sum(requests)::int AS requests, count(*)::int AS nodes FROM tenant_requests WHERE tenant_id = $1`,
      [serving.tenants.shop.id],
    );
    expect(rows[0].nodes).toBeGreaterThanOrEqual(2);
    expect(rows[0].requests).toBeGreaterThanOrEqual(QUOTA);
    const refused = await askOf(nodes[1]);
    expect([refused.statusCode, refused.json().code]).toEqual([429, 'quotaExceeded']);
    const rival = await askOf(nodes[1], serving.rival, 'rival');
    expect([rival.statusCode, rival.headers['ratelimit-policy']]).toEqual([200, '"key";q=10000;w=10']);
    await fleet.changeQuota(serving.shop, undefined);
    await eventually(async () => (await askOf(nodes[1])).statusCode === 200);
    await expect(fleet.changeQuota(serving.shop, -1)).rejects.toMatchObject({ code: 'invalidQuota' });
    await expect(fleet.changeQuota('nobody-there', 1)).rejects.toMatchObject({ code: 'notFound' });
  });
});
