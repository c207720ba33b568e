import 'reflect-metadata';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createKeyToken, type InteractionRecord, type ProductRecord, type Tenant } from '#libs/domain';
import { simulateWorld, worldProfiles } from '#libs/simulator';
import { createTestTenant, openTestDatabase, TestNights, type TestDatabase } from '#libs/testing';
import { createServing } from '../../apps/serving/src/create-serving.js';

// The demo fleet in small: a real night of each, served by a real node.

interface Item {
  productId: string;
  source: string;
}
interface Answer {
  status: string;
  statusReason: string | null;
  items: Item[];
}

const environmentBefore = { ...process.env };
const UNKNOWN_CUSTOMERS = 200;

let database: TestDatabase;
let nights: TestNights;
let app: NestFastifyApplication;
const shops: { tenant: Tenant; token: string; products: ProductRecord[]; customers: string[] }[] = [];

beforeAll(async () => {
  database = await openTestDatabase(process.env);
  nights = await TestNights.open(database);
  for (const profile of Object.values(worldProfiles)) {
    const world = simulateWorld(profile, {
      seed: 3,
      untilDate: new Date('2026-11-01T00:00:00Z'),
      scale: 0.05,
    });
    const tenant = await createTestTenant(database);
    const products = [...world.products()] as ProductRecord[];
    const interactions = [...world.interactions()] as InteractionRecord[];
    await nights.imports.importRecords(tenant, 'products', products);
    await nights.imports.importRecords(tenant, 'customers', [...world.customers()]);
    await nights.load(tenant, interactions);
    await nights.run(tenant);
    const { keyId, secretSha256, token } = createKeyToken();
    await database.tenants.runBulk(tenant.id, (client) =>
      client.query(
        `INSERT INTO api_key (tenant_id, key_id, name, secret_sha256, scopes) VALUES ($1, $2, 'test', $3, $4)`,
        [tenant.id, keyId, secretSha256, ['read', 'feedback']],
      ),
    );
    const customers = [...new Set(interactions.flatMap(({ customerId }) => customerId ?? []))];
    shops.push({ tenant, token, products, customers });
  }
  Object.assign(process.env, {
    SERVING_DATABASE_URL: process.env.TEST_SERVING_DATABASE_URL,
    STATE_DIR: nights.folder,
    POLL_MS: '100',
    LOG_LEVEL: 'silent',
    REDIS_URL: 'redis://127.0.0.1:1',
  });
  app = await createServing();
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
});

afterAll(async () => {
  await app?.close();
  process.env = environmentBefore;
  await nights?.close();
  await database?.close();
});

async function post(shop: (typeof shops)[number], path: string, payload: object): Promise<Answer> {
  const answer = await app.inject({
    ...{ method: 'POST', url: `/v1/tenants/${shop.tenant.slug}/${path}`, payload },
    headers: { authorization: `Bearer ${shop.token}` },
  });
  expect([answer.statusCode, answer.body.slice(0, 300)]).toEqual([200, expect.any(String)]);
  return answer.json();
}

async function get(shop: (typeof shops)[number], path: string): Promise<Answer> {
  const answer = await app.inject({
    ...{ method: 'GET', url: `/v1/tenants/${shop.tenant.slug}/${path}` },
    headers: { authorization: `Bearer ${shop.token}` },
  });
  expect([answer.statusCode, answer.body.slice(0, 300)]).toEqual([200, expect.any(String)]);
  return answer.json();
}
const ask = (shop: (typeof shops)[number], payload: object) => post(shop, 'recommendations', payload);

test('at least 99 of 100 unknown customers get a full list, whatever is known of them', async () => {
  let [full, asked] = [0, 0];
  const sources = new Set<string>();
  for (const shop of shops) {
    const sold = shop.products.filter(({ retiredAt }) => retiredAt === undefined || retiredAt === null);
    // What somebody with a phone plan may still be offered is less than ten.
    const count = Math.min(10, sold.length - 2);
    for (let i = 0; i < UNKNOWN_CUSTOMERS; i++) {
      const product = shop.products[(i * 7) % shop.products.length];
      const customerId = `nobody-${i}`;
      const kinds = [
        { customerId },
        { customerId, segment: 'no such segment', country: 'Norway' },
        { customerId, context: { basket: [product.productId] } },
        { context: { facts: { category: product.category ?? 'none' } } },
        { customerId, context: { searched: [product.name ?? 'anything'], viewed: ['no such product'] } },
      ];
      const answer = await ask(shop, { ...kinds[i % kinds.length], count });
      asked++;
      if (answer.status === 'ok' && answer.items.length === count) full++;
      for (const { source } of answer.items) sources.add(source);
    }
  }
  expect(asked).toBe(3 * UNKNOWN_CUSTOMERS);
  expect(full / asked).toBeGreaterThanOrEqual(0.99);
  expect([...sources]).toEqual(expect.arrayContaining(['popularity', 'basket', 'profile', 'search']));
});

test('a request with nothing new in it gets what the look-up gives', async () => {
  const [shop] = shops;
  for (const customerId of shop.customers.slice(0, 20)) {
    const [stored, computed] = [
      await ask(shop, { customerId, count: 10 }),
      await ask(shop, { customerId, count: 10, context: {} }),
    ];
    const ids = ({ items }: Answer) => items.map(({ productId }) => productId);
    // The night ends its lists with a product that nobody knows yet, where there is one.
    const known = ids(stored).filter((_, place) => stored.items[place].source !== 'content');
    expect(ids(computed).slice(0, known.length)).toEqual(known);
  }
});

test('what a customer does changes their next answer, in a look-up as well', async () => {
  const [shop] = shops;
  const customerId = shop.customers[1];
  const before = await ask(shop, { customerId, count: 5 });
  const rejected = before.items[0].productId;
  await post(shop, 'outcomes', { events: [{ customerId, productId: rejected, kind: 'rejected' }] });
  const lookUp = async () => {
    const url = `/v1/tenants/${shop.tenant.slug}/recommendations/${customerId}?count=5`;
    const answer = await app.inject({ url, headers: { authorization: `Bearer ${shop.token}` } });
    return (answer.json() as Answer).items;
  };
  const between = (await lookUp()).map(({ productId }) => productId);
  expect(between).not.toContain(rejected);
  const other = shop.products.find(({ category, productId }) => {
    return category !== shop.products[0].category && !between.includes(productId);
  })!;
  const event = { customerId, productId: other.productId, kind: 'carted' };
  await post(shop, 'outcomes', { events: [event] });
  const after = await lookUp();
  expect(after.map(({ source }) => source)).toContain('basket');
  expect(after.map(({ productId }) => productId)).not.toEqual(between);
  expect(after.map(({ productId }) => productId)).not.toContain(other.productId);
});

describe('an explanation', () => {
  interface Explained extends Answer {
    items: (Item & { score: number; breakdown: { step: string; score: number }[] })[];
  }

  test('adds up to the score', async () => {
    const [shop] = shops;
    const answer = (await ask(shop, { customerId: shop.customers[2], explain: true })) as Explained;
    expect(answer.items).toHaveLength(10);
    for (const { score, breakdown } of answer.items) {
      expect(breakdown[0].step).toBe('model');
      expect(breakdown.at(-1)!.score).toBeCloseTo(score, 4);
    }
  });

  test('comes with a look-up as well, of the products that it gives without', async () => {
    const [shop] = shops;
    const path = `recommendations/${encodeURIComponent(shop.customers[2])}`;
    const explained = (await get(shop, `${path}?explain=true`)) as Explained;
    const ids = ({ items }: Answer) => items.map(({ productId }) => productId);
    expect(explained.items.every(({ breakdown }) => breakdown.length > 0)).toBe(true);
    expect(ids(explained)).toEqual(ids((await get(shop, path)) as Answer));
    expect((await get(shop, `${path}?explain=false`)) as Explained).not.toHaveProperty('items.0.breakdown');
  });
});

test('a category in the words of Gorse is a filter', async () => {
  const [shop] = shops;
  const category = shop.products.find((product) => product.category)!.category!;
  const ofCategory = shop.products.filter((product) => product.category === category);
  for (const path of [
    `${shop.customers[2]}/${encodeURIComponent(category)}?n=5`,
    `${shop.customers[2]}?n=5&category=${encodeURIComponent(category)}`,
  ]) {
    const answer = await app.inject({
      ...{ method: 'GET', url: `/api/recommend/${path}`, headers: { 'x-api-key': shop.token } },
    });
    const ids = answer.json() as string[];
    expect(ids.length).toBeGreaterThan(0);
    expect(ofCategory.map(({ productId }) => productId)).toEqual(expect.arrayContaining(ids));
  }
});

test.each([
  [{ context: { basket: 'p1' } }, 'context.basket'],
  [{ context: { basket: [1] } }, 'context.basket'],
  [{ context: { mood: 'good' } }, 'context.mood'],
  [{ context: { facts: { a: { b: 1 } } } }, 'context.facts'],
  [{ context: { facts: [] } }, 'context.facts'],
  [{ filter: { attributes: { a: 'b' } } }, 'filter.attributes'],
  [{ filter: { minimumPrice: -1 } }, 'filter.minimumPrice'],
  [{ diversity: 2 }, 'diversity'],
  [{ explain: 'yes' }, 'explain'],
  [{ excludeProductIds: Array.from({ length: 201 }, () => 'p') }, 'excludeProductIds'],
])('%j is refused and named', async (payload, field) => {
  const answer = await app.inject({
    ...{ method: 'POST', url: `/v1/tenants/${shops[0].tenant.slug}/recommendations`, payload },
    headers: { authorization: `Bearer ${shops[0].token}` },
  });
  expect([answer.statusCode, answer.json().errors?.[0]?.field]).toEqual([400, field]);
});

test('odd but valid news are no error', async () => {
  const [shop] = shops;
  for (const context of [
    { basket: [''], viewed: ['__proto__'], searched: ['', '***', '\u0000', 'ß'.repeat(200)] },
    { facts: { constructor: 'x', budget: -1 } },
    { basket: Array.from({ length: 200 }, (_, i) => shop.products[i % shop.products.length].productId) },
  ]) {
    const answer = await ask(shop, { customerId: shop.customers[0], context });
    expect(['ok', 'partial', 'none']).toContain(answer.status);
  }
});
