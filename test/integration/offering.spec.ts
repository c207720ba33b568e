import { OfferingService, type RerankingOverrides, type Tenant } from '#libs/domain';
import { PostgresOfferingRepository, PostgresServedOfferingSource } from '#libs/persistence';
import { createTestTenant, openTestDatabase, type TestDatabase } from '#libs/testing';

let database: TestDatabase;
let service: OfferingService;
let source: PostgresServedOfferingSource;
let tenant: Tenant;
let other: Tenant;

const noTobacco = { ruleId: 'no-tobacco', kind: 'exclude', products: { categories: ['Tobacco'] } };
const by = { reason: 'Law of May', actor: 'admin (k1)' };

beforeAll(async () => {
  database = await openTestDatabase(process.env);
  service = new OfferingService(new PostgresOfferingRepository(database.tenants));
  source = new PostgresServedOfferingSource(database.serving);
});

beforeEach(async () => {
  [tenant, other] = [await createTestTenant(database), await createTestTenant(database)];
});

afterAll(() => database.close());

const retire = (of: Tenant, productId: string, at: string | null) =>
  database.tenants.runBulk(of.id, (client) =>
    client.query(
      `INSERT INTO product (tenant_id, product_id, retired_at) VALUES ($1, $2, $3)
       ON CONFLICT (tenant_id, product_id) DO UPDATE SET retired_at = EXCLUDED.retired_at`,
      [of.id, productId, at],
    ),
  );
const served = async (of: Tenant) => (await source.load([of.id]))[0];
const announcements = async (of: Tenant) =>
  (
    await database.admin.query(
      `SELECT count(*)::integer AS count FROM outbox WHERE tenant_id = $1 AND topic = 'offering.changed'`,
      [of.id],
    )
  ).rows[0].count as number;

test('a tenant that never said anything has no rules and default settings', async () => {
  expect(await service.current(tenant)).toEqual({
    rules: [],
    rulesVersion: 0,
    reranking: {},
    rerankingVersion: 0,
  });
  expect(await served(tenant)).toBeUndefined();
});

test('changes are numbered, recorded with who and why, and reach serving nodes', async () => {
  await service.change(tenant, 'rules', { document: [noTobacco], ...by });
  const reranking: RerankingOverrides = { steps: { upsell: { enabled: true } } };
  await service.change(tenant, 'reranking', { document: reranking, ...by });
  await service.change(tenant, 'rules', { document: [], ...by, reason: 'Repealed', expectedVersion: 1 });
  expect(await service.current(tenant)).toEqual({
    rules: [],
    rulesVersion: 2,
    reranking,
    rerankingVersion: 1,
  });
  const history = await service.history(tenant, 'rules');
  expect(history).toMatchObject([
    { version: 2, document: [], reason: 'Repealed', actor: 'admin (k1)' },
    { version: 1, document: [noTobacco], reason: 'Law of May' },
  ]);
  expect(await served(tenant)).toMatchObject({ rules: [], rulesVersion: 2, reranking, retired: [] });
  expect(await announcements(tenant)).toBe(3);
});

test('of two who change the same version, the second is told', async () => {
  const change = (reason: string) =>
    service.change(tenant, 'rules', { document: [noTobacco], ...by, reason, expectedVersion: 0 });
  const results = await Promise.allSettled([change('mine'), change('yours')]);
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(results.find(({ status }) => status === 'rejected')).toMatchObject({
    reason: { code: 'offeringChanged' },
  });
  expect(await service.history(tenant, 'rules')).toHaveLength(1);
});

test('what is wrong is refused, and nothing is written', async () => {
  const document = [{ ...noTobacco, kind: 'hide' }];
  await expect(service.change(tenant, 'rules', { document, ...by })).rejects.toMatchObject({
    code: 'invalidRules',
  });
  await expect(service.change(tenant, 'rules', { document: [], ...by, reason: ' ' })).rejects.toMatchObject({
    code: 'reasonRequired',
  });
  expect(await service.history(tenant, 'rules')).toEqual([]);
});

test('one tenant’s rules are nobody else’s', async () => {
  await service.change(tenant, 'rules', { document: [noTobacco], ...by });
  expect((await service.current(other)).rules).toEqual([]);
  expect(await service.history(other, 'rules')).toEqual([]);
});

test('a product that is retired, and one that is sold again, are news; anything else about products is not', async () => {
  const before = (await source.revisions())!;
  await retire(tenant, 'p1', null);
  await database.tenants.runBulk(tenant.id, (client) => client.query(`UPDATE product SET name = 'x'`));
  expect(await served(tenant)).toBeUndefined();
  await retire(tenant, 'p1', '2026-11-01T00:00:00Z');
  await retire(tenant, 'p2', '2027-01-01T00:00:00Z');
  const retired = [
    { productId: 'p1', retiredAt: Date.parse('2026-11-01T00:00:00Z') },
    { productId: 'p2', retiredAt: Date.parse('2027-01-01T00:00:00Z') },
  ];
  expect((await served(tenant)).retired.toSorted((a, b) => (a.productId < b.productId ? -1 : 1))).toEqual(
    retired,
  );
  const after = (await source.revisions(before.fingerprint))!;
  expect(after.revisions.get(tenant.id)).toBe(2);
  expect(await announcements(tenant)).toBe(2);
  await retire(tenant, 'p1', null);
  expect((await served(tenant)).retired).toEqual(retired.slice(1));
  expect(await service.retired(tenant)).toEqual(retired.slice(1));
  await database.tenants.runBulk(tenant.id, (client) =>
    client.query(`UPDATE product SET hidden = (product_id = 'p1'), retired_at = NULL,
      available_from = CASE product_id WHEN 'p2' THEN '2999-01-01T00:00:00Z'::timestamptz ELSE '2020-01-01' END`),
  );
  const byId = (a: { productId: string }, b: { productId: string }) => (a.productId < b.productId ? -1 : 1);
  const unavailable = [
    { productId: 'p1', retiredAt: 0 },
    { productId: 'p2', availableFrom: Date.parse('2999-01-01T00:00:00Z') },
  ];
  expect((await served(tenant)).retired.toSorted(byId)).toEqual(unavailable);
  expect((await service.retired(tenant)).toSorted(byId)).toEqual(unavailable);
});
