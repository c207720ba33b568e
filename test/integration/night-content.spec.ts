import type { Tenant } from '#libs/domain';
import { createTestTenant, useTestNights } from '#libs/testing';
import { interactions, products } from './grocer-nights.js';

const under = useTestNights(process.env);
let tenant: Tenant;

beforeAll(async () => {
  tenant = await createTestTenant(under.database, { settings: { recipe: { algorithm: 'content' } } });
  await under.nights.imports.importRecords(tenant, 'products', products);
  await under.nights.load(tenant, interactions);
});

it('trains a recipe of content on names, categories and attributes, and scores it', async () => {
  await under.nights.run(tenant);
  const [{ metrics }] = await under.nights.registry.list(tenant.id, 1);
  const candidates = metrics.candidates as Record<string, Record<string, number>>;
  // Without attributes every score would be 0, and nothing would be ranked.
  expect(candidates.content['coverage@10']).toBeGreaterThan(candidates.popularity['coverage@10']);
  expect(candidates.content['ndcg@10']).toBeGreaterThan(0);
});
