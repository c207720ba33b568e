import type { Tenant } from '#libs/domain';
import { createTestTenant, openTestDatabase, TestNights, type TestDatabase } from '#libs/testing';
import { interactions, products } from './grocer-nights.js';

let database: TestDatabase;
let nights: TestNights;
let tenant: Tenant;

beforeAll(async () => {
  database = await openTestDatabase(process.env);
  nights = await TestNights.open(database);
  tenant = await createTestTenant(database, { settings: { recipe: { algorithm: 'content' } } });
  await nights.imports.importRecords(tenant, 'products', products);
  await nights.load(tenant, interactions);
});

afterAll(async () => {
  await nights.close();
  await database.close();
});

it('trains a recipe of content on names, categories and attributes, and scores it', async () => {
  await nights.run(tenant);
  const [{ metrics }] = await nights.registry.list(tenant.id, 1);
  const candidates = metrics.candidates as Record<string, Record<string, number>>;
  // Without attributes every score would be 0, and nothing would be ranked.
  expect(candidates.content['coverage@10']).toBeGreaterThan(candidates.popularity['coverage@10']);
  expect(candidates.content['ndcg@10']).toBeGreaterThan(0);
});
