import { randomUUID } from 'node:crypto';
import {
  AttributionService,
  FeedbackService,
  toDailyKpis,
  type DailyKpis,
  type InteractionRecord,
  type Tenant,
  type TenantSettings,
} from '#libs/domain';
import {
  PostgresAttributionRepository,
  PostgresFeedbackRepository,
  PostgresFleetTenantRepository,
  PostgresKpiReadModel,
} from '#libs/persistence';
import { createTestTenant, openTestDatabase, TestNights, type TestDatabase } from '#libs/testing';

let database: TestDatabase;
let nights: TestNights;
let attribution: AttributionService;
let feedback: FeedbackService;
let tenant: Tenant;

beforeAll(async () => {
  database = await openTestDatabase(process.env);
  nights = await TestNights.open(database);
  attribution = new AttributionService(new PostgresAttributionRepository(database.tenants));
  feedback = new FeedbackService(new PostgresFeedbackRepository(database.serving));
});
afterAll(async () => {
  await nights?.close();
  await database?.close();
});
beforeEach(async () => {
  tenant = await createTestTenant(database, { timeZone: 'Europe/Berlin' });
});

async function record(rows: readonly object[], of = tenant): Promise<void> {
  const answer = await feedback.record(of.id, rows);
  expect(answer).toMatchObject({ accepted: rows.length, rejected: [] });
}

/** A row of feedback of November 2026 in Berlin. */
const row = (kind: string, moment: string, more: object = {}) => ({
  ...{ eventId: randomUUID(), kind, customerId: 'anna', productId: 'tea', recommendationId: 'r1' },
  ...{ occurredAt: `2026-11-${moment}:00+01:00`, ...more },
});

const select = async (sql: string, of = tenant): Promise<Record<string, unknown>[]> =>
  (await database.tenants.runBulk(of.id, (client) => client.query(sql))).rows;

const PURCHASES = 'SELECT * FROM attributed_purchase ORDER BY purchase_id';
const DAYS = 'SELECT * FROM daily_kpi ORDER BY day';

async function kpis(of = tenant): Promise<Record<string, DailyKpis>> {
  const days = await new PostgresKpiReadModel(database.tenants).days(of.id, {
    ...{ first: '2000-01-01', last: '2100-01-01' },
  });
  return Object.fromEntries(days.map((day) => [day.day.slice(5), toDailyKpis(day)]));
}

async function changeSettings(settings: TenantSettings): Promise<void> {
  const changed = await new PostgresFleetTenantRepository(database.platform).changeSettings(
    tenant.slug,
    settings,
  );
  tenant = changed as Tenant;
}

const products = (...ids: string[]) =>
  nights.imports.importRecords(
    tenant,
    'products',
    ids.map((productId) => ({ productId })),
  );

// Worked out by hand: two products shown on the 1st (in Berlin: half past midnight, which in UTC is the day before), one of them
// clicked on the 2nd and bought on the 3rd, two pieces at 4.50.
const STORY = () => [
  row('shown', '01T00:30'),
  row('shown', '01T00:30', { productId: 'cup' }),
  row('clicked', '02T10:00'),
  row('accepted', '02T10:01'),
  row('bought', '03T09:00', { quantity: 2, unitPrice: 4.5 }),
];

test('days and purchases, by the clock of the tenant; twice gives the same rows', async () => {
  await products('tea', 'cup', 'pot', 'jar');
  await record(STORY());
  expect(await attribution.attribute(tenant)).toMatchObject({ purchases: 1 });
  const found = await kpis();
  expect(Object.keys(found)).toEqual(['11-01', '11-02', '11-03']);
  expect(found['11-01']).toMatchObject({
    ...{ shown: 2, clicked: 1, bought: 1, clickThrough: 0.5, conversion: 0.5, attributedRevenue: 0 },
    ...{ productsShown: 2, productsOnSale: 4, coverage: 0.5, served: 0, noneShare: undefined },
  });
  expect(found['11-02']).toMatchObject({ shown: 0, accepted: 1, productsOnSale: 4 });
  expect(found['11-03']).toMatchObject({ attributedPurchases: 1, attributedRevenue: 9 });
  const [purchases, days] = [await select(PURCHASES), await select(DAYS)];
  expect(purchases).toMatchObject([
    { customer_id: 'anna', product_id: 'tea', recommendation_id: 'r1', revenue: '9.0000' },
  ]);
  for (let turn = 0; turn < 2; turn++) {
    await attribution.attribute(tenant);
    expect(await select(PURCHASES)).toEqual(purchases);
    expect(await select(DAYS)).toEqual(days);
  }
});

test('what comes late changes its own day and the day that it was shown on', async () => {
  await record([row('shown', '01T12:00'), row('shown', '20T12:00')]);
  await attribution.attribute(tenant);
  expect((await kpis())['11-01']).toMatchObject({ bought: 0, conversion: 0 });
  await record([row('bought', '05T12:00', { unitPrice: 3 })]);
  await attribution.attribute(tenant);
  expect(await kpis()).toMatchObject({
    '11-01': { bought: 1, conversion: 1 },
    '11-05': { attributedPurchases: 1, attributedRevenue: 3 },
    '11-20': { bought: 0 },
  });
  // An impression that is told late, between the two, takes over what names none.
  await record([row('shown', '04T12:00', { recommendationId: 'r2' })]);
  await record([row('bought', '05T13:00', { recommendationId: undefined, unitPrice: 1 })]);
  await attribution.attribute(tenant);
  expect((await kpis())['11-04']).toMatchObject({ bought: 1 });
});

test('the window is the tenant’s; another one moves everything', async () => {
  await record([row('shown', '01T12:00'), row('bought', '11T12:00')]);
  await attribution.attribute(tenant);
  expect(await select(PURCHASES)).toHaveLength(1);
  await changeSettings({ attributionWindowDays: 9 });
  await attribution.attribute(tenant);
  expect(await select(PURCHASES)).toEqual([]);
  await changeSettings({ attributionWindowDays: 10 });
  await attribution.attribute(tenant);
  expect(await select(PURCHASES)).toHaveLength(1);
});

test('purchases of a file count, once: not again where the shop has told them, not returns, not strangers’', async () => {
  await record([row('shown', '01T12:00'), row('shown', '01T12:00', { productId: 'cup' })]);
  await record([row('bought', '02T12:00', { quantity: 1, unitPrice: 4 })]);
  await attribution.attribute(tenant);
  const event = (
    eventId: string,
    productId: string,
    more: Partial<InteractionRecord> = {},
  ): InteractionRecord => ({
    ...{ eventId, type: 'purchase', customerId: 'anna', productId, unitPrice: 4, quantity: 1 },
    ...{ occurredAt: new Date('2026-11-02T18:00:00Z'), ...more },
  });
  const file = [
    event('same', 'tea'),
    event('other', 'cup', { quantity: 3 }),
    event('back', 'cup', { type: 'return', quantity: -1 }),
    event('stranger', 'tea', { customerId: 'zoe' }),
    event('years-ago', 'tea', { occurredAt: new Date('2011-11-02T18:00:00Z') }),
  ];
  await nights.imports.importRecords(tenant, 'interactions', file);
  await attribution.attribute(tenant);
  expect(
    (await select(PURCHASES)).map((one) => [String(one['purchase_id']).split(':')[0], one['revenue']]),
  ).toEqual([
    ['interaction', '12.0000'],
    ['outcome', '4.0000'],
  ]);
  expect((await kpis())['11-02']).toMatchObject({ attributedPurchases: 2, attributedRevenue: 16 });
  expect(Object.keys(await kpis())).toEqual(['11-01', '11-02']);
});

test('a catalogue that changes: what is not on sale on a day is not of that day', async () => {
  const at = (day: string) => new Date(`2026-11-${day}T12:00:00Z`);
  const catalogue = [
    { productId: 'tea' },
    { productId: 'cup', availableFrom: at('02') },
    { productId: 'pot', retiredAt: at('01') },
    { productId: 'jar', availableFrom: at('25'), retiredAt: at('20') },
  ];
  await nights.imports.importRecords(tenant, 'products', catalogue);
  await record([...STORY(), row('shown', '03T10:00', { productId: 'gone' })]);
  await attribution.attribute(tenant);
  const found = await kpis();
  const counted = Object.values(found).map(({ productsShown, productsOnSale }) => [
    productsShown,
    productsOnSale,
  ]);
  // 1st: tea and pot on sale, tea and cup shown. 2nd: tea and cup. 3rd: the same, and something was shown that nobody sells.
  expect(counted).toEqual([
    [1, 2],
    [0, 2],
    [0, 2],
  ]);
});

test('nothing recorded is nothing to do, and two at a time are one after the other', async () => {
  expect(await attribution.attribute(tenant)).toBeUndefined();
  await record(STORY());
  await Promise.all(Array.from({ length: 4 }, () => attribution.attribute(tenant)));
  expect(await select(PURCHASES)).toHaveLength(1);
  await select(`UPDATE attribution_state SET recorded_until = now() + interval '1 hour'`);
  expect(await attribution.attribute(tenant)).toBeUndefined();
});

test('another tenant’s events are another tenant’s numbers', async () => {
  const rival = await createTestTenant(database);
  await record(STORY());
  await record([row('bought', '03T09:00', { unitPrice: 100 })], rival);
  await attribution.attribute(tenant);
  await attribution.attribute(rival);
  expect(await select(PURCHASES, rival)).toEqual([]);
  expect((await kpis())['11-03']).toMatchObject({ attributedRevenue: 9 });
  expect(await kpis(rival)).toEqual({});
});

test('many customers, in the pieces in which they are read', async () => {
  const rows = Array.from({ length: 3_000 }, (_, index) => [
    row('shown', '01T12:00', { customerId: `c${index % 700}`, productId: `p${index}` }),
    row('bought', '02T12:00', { customerId: `c${index % 700}`, productId: `p${index}`, unitPrice: 0.1 }),
  ]).flat();
  for (let at = 0; at < rows.length; at += 1_000) await record(rows.slice(at, at + 1_000));
  await attribution.attribute(tenant);
  expect(await kpis()).toMatchObject({
    '11-01': { shown: 3_000, bought: 3_000 },
    '11-02': { attributedPurchases: 3_000, attributedRevenue: 300 },
  });
  expect(await select('SELECT count(*)::int AS n FROM attributed_purchase')).toEqual([{ n: 3_000 }]);
});
