import { allocateEvents, InteractionKind, type EventColumns } from '../dataset/event-columns.js';
import { commercialFeatures } from './commercial-features.js';
import { LOYALTY_TIERS, UNKNOWN_SEGMENT } from './customer-value.js';
import { ELASTICITY_CLASSES, priceElasticity } from './price-elasticity.js';
import { UNKNOWN_TIER } from './price-statistics.js';

const DAY = 86_400;

interface Line {
  customer: number;
  product: number;
  day: number;
  price?: number;
  units?: number;
  kind?: number;
}

function eventsOf(customers: number, products: number, lines: readonly Line[]): EventColumns {
  const events = allocateEvents(lines.length);
  lines.forEach(({ customer, product, day, price = 1, units = 1, kind = InteractionKind.purchase }, e) => {
    events.customer[e] = customer;
    events.product[e] = product;
    events.timeSeconds[e] = day * DAY;
    events.unitPrice[e] = price;
    events.quantity[e] = units;
    events.kind[e] = kind;
  });
  return Object.assign(events, { customerCount: customers, productCount: products });
}

const unknownPrices = (products: number) => new Float64Array(products).fill(NaN);

test('prices: the catalogue first, then what was paid; gifts and returns teach nothing', () => {
  const events = eventsOf(2, 4, [
    { customer: 0, product: 0, day: 1, price: 4 },
    { customer: 0, product: 0, day: 2, price: 6 },
    { customer: 0, product: 1, day: 2, price: 0 },
    { customer: 0, product: 1, day: 2, price: 20, units: -1 },
    { customer: 0, product: 2, day: 3, price: 2 },
  ]);
  const { prices } = commercialFeatures(events, Float64Array.of(NaN, NaN, 3, NaN), 10 * DAY);
  expect([...prices.priceOfProduct]).toEqual([5, NaN, 3, NaN]);
  expect(prices.variationOfProduct[0]).toBeCloseTo(0.2, 6);
  expect([...prices.meanPriceOfCustomer]).toEqual([4, NaN]);
  expect([...prices.tierOfProduct]).toEqual([3, UNKNOWN_TIER, 0, UNKNOWN_TIER]);
  expect([...prices.percentileOfProduct]).toEqual([0.5, NaN, 0, NaN]);
});

test('repurchase cycles: the median gap of a product, or the customer’s own mean', () => {
  const events = eventsOf(3, 2, [
    // Customer 0 comes back after 4 and 8 days; two lines of one day are one purchase.
    ...[0, 4, 4, 12].map((day) => ({ customer: 0, product: 0, day })),
    ...[0, 10, 20].map((day) => ({ customer: 1, product: 0, day })),
    ...[5, 25].map((day) => ({ customer: 2, product: 0, day })),
    { customer: 2, product: 1, day: 7 },
  ]);
  const { habits } = commercialFeatures(events, unknownPrices(2), 30 * DAY);
  expect([...habits.offsets]).toEqual([0, 1, 2, 4]);
  expect([...habits.products]).toEqual([0, 0, 0, 1]);
  expect([...habits.lastDays]).toEqual([12, 20, 25, 7]);
  // Gaps 4, 8, 10, 10, 20: the median is 10. Customer 2 has one gap only, and takes the product's.
  expect([...habits.cycleOfProduct]).toEqual([10, NaN]);
  expect([...habits.cycleDays]).toEqual([6, 10, 10, NaN]);
  expect([...habits.buyersOfProduct]).toEqual([3, 1]);
});

test('recency, frequency and money: scores, tiers and spending segments', () => {
  // Customer c of five buys on c + 1 days for 10 · (c + 1) each, the last of them on day 10 + c; a sixth buys nothing.
  const lines = [0, 1, 2, 3, 4].flatMap((customer) =>
    Array.from({ length: customer + 1 }, (_, i) => ({
      customer,
      product: 0,
      day: 10 + customer - i,
      price: 10 * (customer + 1),
    })),
  );
  const { value } = commercialFeatures(eventsOf(6, 1, lines), unknownPrices(1), 20 * DAY);
  expect([...value.recencyDays]).toEqual([10, 9, 8, 7, 6, NaN]);
  expect([...value.frequency]).toEqual([1, 2, 3, 4, 5, 0]);
  expect([...value.monetary]).toEqual([10, 40, 90, 160, 250, 0]);
  expect([...value.scores]).toEqual([1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 5, 0, 0, 0]);
  expect([...value.tier].map((tier) => LOYALTY_TIERS[tier])).toEqual([
    'bronze',
    'bronze',
    'silver',
    'gold',
    'platinum',
    undefined,
  ]);
  // Spending a day: 10, 20, 30, 40, 50, with quartiles at 20, 30 and 40.
  expect([...value.spendingSegment]).toEqual([0, 0, 1, 2, 3, UNKNOWN_SEGMENT]);
});

describe('price elasticity', () => {
  const weeks = (unitsAt: (price: number) => number, prices: number[]) =>
    eventsOf(
      1,
      1,
      prices.map((price, week) => ({
        customer: 0,
        product: 0,
        day: 7 * week + 4,
        price,
        units: unitsAt(price),
      })),
    );
  const moving = [1, 2, 1, 2, 1, 2, 1, 2, 1.5, 1.5];
  const classOf = (events: EventColumns) => ELASTICITY_CLASSES[priceElasticity(events).classOfProduct[0]];

  test('units of 100 / price³ fall three times as fast as the price rises: sensitive', () => {
    const events = weeks((price) => 100 / price ** 3, moving);
    expect(priceElasticity(events).slope[0]).toBeCloseTo(-3, 5);
    expect(classOf(events)).toBe('sensitive');
  });

  test('the same units at any price: insensitive', () => {
    expect(classOf(weeks(() => 50, moving))).toBe('insensitive');
  });

  test('noise around -1: neutral', () => {
    const noise = [1.3, 0.8, 0.7, 1.2, 1, 0.9, 1.1, 1.2, 0.8, 1];
    let week = 0;
    expect(classOf(weeks((price) => (noise[week++ % 10] * 100) / price, moving))).toBe('neutral');
  });

  test('few weeks, or a price that hardly moves: unknown', () => {
    expect(classOf(weeks((price) => 100 / price, moving.slice(0, 7)))).toBe('unknown');
    expect(
      classOf(
        weeks(
          () => 50,
          moving.map(() => 1),
        ),
      ),
    ).toBe('unknown');
  });
});

test('a segment that buys dear things twice as often as everybody has a lift of two there', () => {
  // Customers 0 and 1: both cheap; customers 2 and 3: both dear and more of it.
  const lines = [
    ...[0, 1].flatMap((customer) => [{ customer, product: 0, day: 1, price: 1 }]),
    ...[2, 3].flatMap((customer) => [{ customer, product: 1, day: 1, price: 100 }]),
  ];
  const { value, prices, tierLift } = commercialFeatures(eventsOf(4, 2, lines), unknownPrices(2), 2 * DAY);
  const lift = (customer: number, product: number) =>
    tierLift[value.spendingSegment[customer] * 4 + prices.tierOfProduct[product]];
  expect([lift(0, 0), lift(0, 1), lift(2, 0), lift(2, 1)]).toEqual([2, 0, 0, 2]);
});
