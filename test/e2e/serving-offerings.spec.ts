import { ProductService, type Availability, type Rule } from '#libs/domain';
import { PostgresOfferingRepository, PostgresProductRepository } from '#libs/persistence';
import { eventually, ServingUnderTest } from './serving-under-test.js';

let serving: ServingUnderTest;
let offerings: PostgresOfferingRepository;

beforeAll(async () => {
  serving = await ServingUnderTest.start();
  offerings = new PostgresOfferingRepository(serving.database.tenants);
});

afterAll(() => serving?.stop());

const setRules = (rules: readonly object[]) =>
  offerings.change(serving.tenants.shop.id, {
    kind: 'rules',
    document: rules.map((rule, i) => ({ ruleId: `r${i}`, ...rule })) as unknown as readonly Rule[],
    reason: 'test',
    actor: 'test',
  });
const ask = async (path = 'recommendations/anna?count=3', options = {}) =>
  (await serving.call(path, options)).body as {
    status: string;
    statusReason: string | null;
    items: { productId: string; source: string }[];
  };
const products = async (path?: string, options = {}) =>
  (await ask(path, options)).items.map(({ productId }) => productId);
const retire = (productId: string, at: Date | null) =>
  serving.asTenant(
    'shop',
    `INSERT INTO product (tenant_id, product_id, retired_at) VALUES ($1, $2, $3)
     ON CONFLICT (tenant_id, product_id) DO UPDATE SET retired_at = EXCLUDED.retired_at`,
    [serving.tenants.shop.id, productId, at],
  );

test('a retired product is gone from every answer within five seconds, lists that were made before included', async () => {
  expect(await products()).toEqual(['v1-p0', 'v1-p1', 'v1-p2']);
  await retire('v1-p1', new Date());
  await eventually(async () => !(await products()).includes('v1-p1'));
  expect(await products()).toEqual(['v1-p0', 'v1-p2', 'v1-p3']);
  expect((await ask('recommendations/anna?count=30')).items).toHaveLength(29);
  await retire('v1-p5', new Date());
  await eventually(async () => !(await products('recommendations/zoe?count=2')).includes('v1-p5'));
  await retire('v1-p1', null);
  await retire('v1-p5', null);
  await eventually(async () => (await products()).includes('v1-p1'));
});

test('a product that is retired in a second is gone then, without anybody telling', async () => {
  await retire('v1-p0', new Date(Date.now() + 1_000));
  expect(await products()).toContain('v1-p0');
  await eventually(async () => !(await products()).includes('v1-p0'));
  await retire('v1-p0', null);
  await eventually(async () => (await products()).includes('v1-p0'));
});

test('a product that goes on sale in a second is offered then, and a hidden one not', async () => {
  const service = new ProductService(new PostgresProductRepository(serving.database.tenants));
  const set = (change: Partial<Availability>) =>
    service.setAvailability(serving.tenants.shop, 'v1-p0', {
      ...{ hidden: false, availableFrom: null, retiredAt: null, reason: 'test', actor: 'test' },
      ...change,
    });
  await set({ availableFrom: new Date(Date.now() + 3_000) });
  await eventually(async () => !(await products()).includes('v1-p0'));
  await eventually(async () => (await products()).includes('v1-p0'));
  await set({ hidden: true });
  await eventually(async () => !(await products()).includes('v1-p0'));
  await set({});
  await eventually(async () => (await products()).includes('v1-p0'));
});

test('rules of one tenant hide, pin and boost for that tenant alone', async () => {
  await setRules([
    { kind: 'exclude', products: { productIds: ['v1-p0'] } },
    { kind: 'boost', products: { productIds: ['v1-p4'] }, factor: 5 },
    { kind: 'pin', productId: 'v1-p9', position: 2 },
  ]);
  await eventually(async () => (await products()).join() === 'v1-p4,v1-p9,v1-p1');
  expect((await ask()).items[1].source).toBe('pinned');
  const rival = { key: 'rival', tenant: serving.rival };
  expect(await products('recommendations/anna?count=1', rival)).toEqual(['v9-p0']);
});

test('nothing to recommend says why, and is counted', async () => {
  const all = Array.from({ length: 40 }, (_, p) => `v1-p${p}`);
  await setRules([{ kind: 'exclude', products: { productIds: all } }]);
  await eventually(async () => (await ask()).statusReason === 'ineligible');
  expect(await ask('recommendations/zoe')).toMatchObject({ status: 'none', statusReason: 'ineligible' });
  const nobody = { traits: { club: ['no'] } };
  await setRules([{ kind: 'eligible', products: { productIds: all }, customers: nobody }]);
  await eventually(async () => (await ask()).statusReason === 'ineligible');
  await setRules([
    { kind: 'exclude', products: { productIds: all.slice(0, 20) } },
    { kind: 'minimumRelevance', share: 0.95 },
  ]);
  await eventually(async () => (await ask()).statusReason === 'lowRelevance');
  const { body } = await serving.app.inject('/metrics');
  expect(body).toMatch(/nightshift_serving_answers_total\{.*status="none",reason="lowRelevance"/);
  expect(body).toMatch(/nightshift_serving_answers_total\{.*status="none",reason="ineligible"/);
});

test('a cap per day lets others come forward, for each customer alone', async () => {
  await setRules([{ kind: 'dailyCap', products: { productIds: ['v1-p0', 'v1-p1'] }, perCustomer: 2 }]);
  await eventually(async () => (await ask('recommendations/anna?count=1')).status === 'ok');
  const path = 'recommendations/100%25?count=1';
  const firsts = [await products(path), await products(path), await products(path)];
  expect(firsts.flat()).toEqual(['v1-p0', 'v1-p0', 'v1-p1']);
  expect(await products(`recommendations/${encodeURIComponent('a/b')}?count=1`)).toEqual(['v1-p0']);
});

test('a frozen tenant whose lists have grown old offers nothing', async () => {
  await setRules([]);
  await offerings.change(serving.tenants.shop.id, {
    ...{ kind: 'reranking', document: { frozenStaleDays: 1 } },
    ...{ reason: 'test', actor: 'test' },
  });
  await serving.setState('shop', 'frozen');
  await eventually(async () => (await ask()).statusReason === 'frozen');
  await serving.asTenant(
    'shop',
    `UPDATE serving_pointer SET moved_at = now() - interval '25 hours', revision = revision + 1 WHERE tenant_id = $1`,
    [serving.tenants.shop.id],
  );
  await eventually(async () => (await ask()).statusReason === 'frozenStale');
  expect((await ask()).status).toBe('none');
  await serving.setState('shop', 'on');
  await eventually(async () => (await ask()).status === 'ok');
});

test('a node that starts without the database has the rules of the last one', async () => {
  await setRules([{ kind: 'exclude', products: { productIds: ['v1-p0'] } }]);
  await eventually(async () => (await products())[0] === 'v1-p1');
  const cut = await serving.startNode({
    SERVING_DATABASE_URL: 'postgresql://nobody:nothing@127.0.0.1:1/nowhere',
  });
  try {
    expect((await products('recommendations/anna?count=1', { on: cut }))[0]).toBe('v1-p1');
  } finally {
    await cut.close();
    process.env.SERVING_DATABASE_URL = process.env.TEST_SERVING_DATABASE_URL;
  }
});
