import {
  decodeArtifact,
  ModelRegistryService,
  OfferingService,
  type RerankingOverrides,
  type Rule,
  type Tenant,
} from '#libs/domain';
import { PostgresOfferingRepository } from '#libs/persistence';
import {
  CATALOGUE_PART,
  decodeProfile,
  INSIGHTS_PART,
  MODEL_PART,
  type Catalogue,
  type Insights,
  type StoredModel,
} from '#libs/serving';
import { createTestTenant, useTestNights } from '#libs/testing';
import { PreviewService } from '../../apps/api/src/rules/preview.service.js';
import { interactions, products } from './grocer-nights.js';

const under = useTestNights(process.env);
let tenant: Tenant;

beforeAll(async () => {
  tenant = await createTestTenant(under.database);
  const fresh = { ...products[0], productId: 'brand-new' };
  await under.nights.imports.importRecords(tenant, 'products', [...products, fresh]);
  await under.nights.load(tenant, interactions);
});

const by = { reason: 'test', actor: 'test' };
const change = async (rules: readonly Rule[], reranking: RerankingOverrides) => {
  const offerings = new PostgresOfferingRepository(under.database.tenants);
  await offerings.change(tenant.id, { kind: 'rules', document: rules, ...by });
  await offerings.change(tenant.id, { kind: 'reranking', document: reranking, ...by });
};

it('keeps what a request computes with beside the lists, and puts new products into lists by content', async () => {
  await under.nights.run(tenant);
  await under.nights.servedLists(tenant, (reader) => {
    const { productIds } = reader.header;
    const catalogue = decodeArtifact<Catalogue>(reader.part(CATALOGUE_PART)!);
    expect(catalogue.columns.count).toBe(productIds.length);
    expect(catalogue.categories).toContain(products[0].category);
    const { productMap, model } = decodeArtifact<StoredModel>(reader.part(MODEL_PART)!);
    expect([productMap, model.length > 0]).toEqual([null, true]);
    const { elasticity, cycles, loyaltyTiers } = decodeArtifact<Insights>(reader.part(INSIGHTS_PART)!);
    expect(Object.values(elasticity).reduce((sum, count) => sum + count)).toBe(productIds.length);
    expect(cycles.length).toBeGreaterThan(0);
    expect(loyaltyTiers.map(({ name }) => name)).toContain('gold');
    const sample = reader.sampleCustomers(50);
    for (const customerId of sample) {
      const profile = decodeProfile(reader.profile(customerId)!, productIds.length)!;
      expect(profile.history.products.length).toBeGreaterThan(0);
    }
    const tenths = sample.map((customerId) => reader.customerList(customerId, 10)![9]);
    expect(tenths).toContainEqual(expect.objectContaining({ productId: 'brand-new', source: 'content' }));
  });
});

it('takes the tenant’s settings and standing exclusions into the next night', async () => {
  const category = products[1].category!;
  const rule: Rule = { ruleId: 'r', kind: 'exclude', products: { categories: [category] } };
  await change([rule], { steps: { maximumPriceRatio: { enabled: true, ratio: 1.2 } } });
  await under.nights.run(tenant);
  await under.nights.servedLists(tenant, (reader) => {
    const { columns, categories } = decodeArtifact<Catalogue>(reader.part(CATALOGUE_PART)!);
    const { productIds } = reader.header;
    const indexOf = new Map(productIds.map((id, index) => [id, index]));
    for (const customerId of reader.sampleCustomers(30)) {
      const { meanPrice } = decodeProfile(reader.profile(customerId)!, productIds.length)!;
      for (const { productId, source } of reader.customerList(customerId, 100)!) {
        const product = indexOf.get(productId)!;
        expect(categories[product]).not.toBe(category);
        if (source !== 'content') expect(columns.price[product] / meanPrice > 1.2).toBe(false);
      }
    }
  });
});

it('shows what other settings would do to real customers, and saves nothing', async () => {
  const offerings = new OfferingService(new PostgresOfferingRepository(under.database.tenants));
  const { registry, ports } = under.nights;
  const previews = new PreviewService(offerings, new ModelRegistryService(registry), ports.lists);
  const request = { customerIds: undefined, sample: 20, count: 10 };
  const present = (await offerings.current(tenant)).reranking;
  const same = await previews.reranking(tenant, present, request);
  expect([same.looked, same.changed, same.withNothing]).toEqual([20, 0, 0]);
  const cheap = await previews.reranking(
    tenant,
    { steps: { maximumPriceRatio: { enabled: true, ratio: 1 } } },
    request,
  );
  expect(cheap.changed).toBeGreaterThan(0);
  // Nothing is as relevant as what the model would say by itself, and what the step does is said of each product.
  expect(same.relevance).toMatchObject({ change: 0, low: 0, high: 0, customers: 20 });
  expect(cheap.relevance!.change).toBeLessThan(0);
  const gone = cheap.customers.flatMap(({ items }) => items.filter(({ after }) => after === null));
  expect(gone.flatMap(({ because }) => because)).toContainEqual({
    ...{ name: 'maximumPriceRatio', effect: 'hides', isNew: true },
  });
  const priceOf = new Map(products.map(({ productId, price }) => [productId, Number(price)]));
  const mean = (ids: readonly string[]) =>
    ids.reduce((sum, productId) => sum + (priceOf.get(productId) ?? 0), 0) / ids.length;
  const changed = cheap.customers.filter(
    ({ before, after }) => `${before.productIds}` !== `${after.productIds}`,
  );
  const cheaper = changed.filter(({ before, after }) => mean(after.productIds) < mean(before.productIds));
  expect(cheaper.length).toBeGreaterThan(changed.length / 2);
  expect((await offerings.current(tenant)).reranking).toEqual(present);
  const wrong = { steps: { maximumPriceRatio: { ratio: -1 } } };
  await expect(previews.reranking(tenant, wrong, request)).rejects.toMatchObject({
    code: 'invalidReranking',
  });
});
