import { earningsOf } from './earnings.js';

const NOTHING = {
  ...{ customers: 0, purchases: 0, withoutPrice: 0, revenue: 0, squaredRevenue: 0, squaredPurchases: 0 },
};

test('two customers who spend 30 and 40: a total of 70, give or take 1.96 times 50', () => {
  const totals = { ...NOTHING, customers: 2, purchases: 7, revenue: 70, squaredRevenue: 900 + 1600 };
  // Three purchases of one customer and four of the other: the root of 9 + 16 is 5.
  const { revenue, purchases, customers } = earningsOf({ ...totals, squaredPurchases: 25 });
  expect(customers).toBe(2);
  expect(revenue.value).toBe(70);
  expect(revenue.high).toBeCloseTo(70 + 97.998, 3);
  expect(purchases).toEqual({ value: 7, low: 0, high: expect.closeTo(16.7998, 4) });
});

test('nobody earns less than nothing', () => {
  expect(earningsOf({ ...NOTHING, revenue: 10, squaredRevenue: 100 }).revenue.low).toBe(0);
});

test('many small customers make a surer total than one large', () => {
  const many = earningsOf({ ...NOTHING, revenue: 1000, squaredRevenue: 100 * 10 ** 2 });
  const one = earningsOf({ ...NOTHING, revenue: 1000, squaredRevenue: 1000 ** 2 });
  expect(many.revenue.low).toBeCloseTo(804.0036, 4);
  expect(one.revenue.low).toBe(0);
});

test('nothing is nothing, for sure', () => {
  expect(earningsOf(NOTHING).revenue).toEqual({ value: 0, low: 0, high: 0 });
});
