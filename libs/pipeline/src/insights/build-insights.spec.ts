import { allocateEvents, commercialFeatures, InteractionKind } from '#libs/algorithms';
import { buildInsights } from './build-insights.js';

const DAY = 86_400;
type Line = readonly [customer: number, product: number, day: number, price?: number, units?: number];

function insightsOf(lines: readonly Line[], categories: (string | null)[], nowDay: number) {
  const events = Object.assign(allocateEvents(lines.length), {
    customerCount: 1 + Math.max(...lines.map(([customer]) => customer)),
    productCount: categories.length,
  });
  lines.forEach(([customer, product, day, price = 1, units = 1], e) => {
    events.customer[e] = customer;
    events.product[e] = product;
    events.timeSeconds[e] = day * DAY;
    events.unitPrice[e] = price;
    events.quantity[e] = units;
    events.kind[e] = InteractionKind.purchase;
  });
  const productIds = categories.map((_, p) => `P${p}`);
  const names = productIds.map(() => null);
  const watermarkSeconds = nowDay * DAY;
  const features = commercialFeatures(
    events,
    new Float64Array(categories.length).fill(NaN),
    watermarkSeconds,
  );
  return buildInsights({ events, productIds, names, categories, watermarkSeconds }, features);
}

test('cycles are those of categories: another product of the same kind is coming back, too', () => {
  const { cycles, dueCustomers, days } = insightsOf(
    [
      // Gaps of 10, 10 and 10 with two products: expected on day 40.
      ...[[0, 0, 0] as const, [0, 1, 10] as const, [0, 0, 20] as const, [0, 1, 30] as const],
      // Gaps of 4 and 20, the mean of which is 12: expected on day 36.
      ...[[1, 0, 0] as const, [1, 0, 4] as const, [1, 1, 24] as const],
      // Once, and the median of 4, 10, 10, 10, 20 is 10: was expected on day 30.
      ...[[2, 0, 20] as const, [2, 2, 20] as const],
    ],
    ['tea', 'tea', null],
    35,
  );
  expect(cycles).toEqual([
    {
      ...{ category: 'tea', buyers: 3, gaps: 5, dueCustomers: 2 },
      ...{ lowerDays: 10, medianDays: 10, upperDays: 10 },
    },
  ]);
  expect([dueCustomers, days]).toEqual([2, 36]);
});

test('four gaps are too few for a cycle, and nobody is due', () => {
  const lines = [0, 10, 20, 30, 40].map((day): Line => [0, 0, day]);
  const { cycles, dueCustomers } = insightsOf(lines, ['tea'], 45);
  // The customer's own three gaps are enough for the customer alone.
  expect([cycles, dueCustomers]).toEqual([[], 1]);
});

test('price responses: units of 100 / price³ are sensitive, the same units insensitive, seven weeks unknown', () => {
  const prices = [1, 2, 1, 2, 1, 2, 1, 2, 1.5, 1.5];
  const weekly = (product: number, units: (price: number) => number, weeks = 10) =>
    prices.slice(0, weeks).map((price, week): Line => [0, product, 7 * week + 4, price, units(price)]);
  const insights = insightsOf(
    [...weekly(0, (price) => 100 / price ** 3), ...weekly(1, () => 50), ...weekly(2, () => 50, 7)],
    ['tea', 'tea', 'coffee'],
    70,
  );
  expect(insights.elasticity).toEqual({ sensitive: 1, neutral: 0, insensitive: 1, unknown: 1 });
  const [strong] = insights.sensitiveProducts;
  expect(strong).toMatchObject({ productId: 'P0', category: 'tea', classOf: 'sensitive', weeks: 10 });
  for (const end of [strong.slope, strong.low, strong.high]) expect(end).toBeCloseTo(-3, 4);
  expect(insights.insensitiveProducts).toMatchObject([
    { productId: 'P1', slope: expect.closeTo(0, 6), weeks: 10 },
  ]);
  // The slopes are -3 and 0; a category without any known one is not in the list.
  expect(insights.categoryResponses).toEqual([
    {
      category: 'tea',
      sensitive: 1,
      neutral: 0,
      insensitive: 1,
      unknown: 0,
      medianSlope: expect.closeTo(-1.5, 4),
    },
  ]);
  expect(insights.loyaltyTiers.map(({ count }) => count).reduce((a, b) => a + b)).toBe(1);
  expect(insights.prices).toMatchObject({ products: 3, lowest: expect.closeTo(1, 0) });
});

test('noise widens the interval: the slope of four weeks each at 1 and 2, with hand-worked error', () => {
  // log price 0 or log 2; log units alternate by ±0.1 around -log price: residual 0.1 each, n 8, sxx 8 (log 2 / 2)².
  const lines = Array.from({ length: 8 }, (_, week): Line => {
    const price = week % 2 === 0 ? 1 : 2;
    const noise = week % 4 < 2 ? 0.1 : -0.1;
    return [0, 0, 7 * week + 4, price, Math.exp(5 - 4 * Math.log(price) + noise)];
  });
  const [product] = insightsOf(lines, ['tea'], 60).sensitiveProducts;
  const error = Math.sqrt((8 * 0.01) / 6 / (8 * (Math.log(2) / 2) ** 2));
  expect(product.slope).toBeCloseTo(-4, 3);
  expect(product.low).toBeCloseTo(-4 - 1.645 * error, 3);
  expect(product.high).toBeCloseTo(-4 + 1.645 * error, 3);
});
