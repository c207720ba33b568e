import { weekdayOf, dayOf, MS_PER_DAY } from '../calendar.js';
import { greenGrocer } from '../grocer/green-grocer.js';
import { groupBy, median, purchasesOf, smallWorld } from './small-world.js';

const world = smallWorld(greenGrocer, { scale: 0.2 });
const events = [...world.interactions()];
const purchases = purchasesOf(world);
const categoryOf = new Map(Array.from(world.products(), (product) => [product.productId, product.category]));

describe('habits of the grocer', () => {
  it.each([
    ['Milk', 4],
    ['Meat', 7],
    ['Pasta', 14],
    ['Coffee', 21],
  ])('%s comes back every %i days or so', (category, cycleDays) => {
    const bought = purchases.filter(
      (row) => row.customerId !== undefined && categoryOf.get(row.productId) === category,
    );
    const gaps: number[] = [];
    for (const rows of groupBy(bought, (row) => `${row.customerId} ${row.productId}`).values()) {
      if (rows.length < 4) continue;
      rows
        .slice(1)
        .forEach((row, i) =>
          gaps.push((row.occurredAt.getTime() - rows[i]!.occurredAt.getTime()) / MS_PER_DAY),
        );
    }
    expect(gaps.length).toBeGreaterThan(60);
    expect(median(gaps) / cycleDays).toBeGreaterThan(0.75);
    expect(median(gaps) / cycleDays).toBeLessThan(1.3);
  });

  it('follows the week: Saturday is the busiest day and Sunday the quietest', () => {
    const counts = new Array<number>(7).fill(0);
    for (const row of purchases) counts[weekdayOf(dayOf(row.occurredAt, greenGrocer.utcOffsetMinutes))]!++;
    expect(counts.indexOf(Math.max(...counts))).toBe(5);
    expect(counts.indexOf(Math.min(...counts))).toBe(6);
    expect(counts[5]! / counts[6]!).toBeGreaterThan(2);
  });

  it('has pasta pull its own sauce into the basket', () => {
    const baskets = [...groupBy(purchases, (row) => row.orderId!).values()].map(
      (rows) => new Set(rows.map((row) => categoryOf.get(row.productId))),
    );
    const share = (some: Set<string | undefined>[]) =>
      some.filter((basket) => basket.has('Sauces')).length / some.length;
    expect(share(baskets.filter((basket) => basket.has('Pasta')))).toBeGreaterThan(2.5 * share(baskets));
  });

  it('has one customer, one time and one channel per order', () => {
    const mixed = [...groupBy(purchases, (row) => row.orderId!).values()].filter(
      (rows) =>
        new Set(rows.map((row) => `${row.customerId} ${row.occurredAt.getTime()} ${row.channel}`)).size !== 1,
    );
    expect(mixed).toEqual([]);
  });

  it('has anonymous tills, few returns and few free samples', () => {
    const share = (count: number) => count / events.length;
    expect(share(events.filter((row) => row.customerId === undefined).length)).toBeGreaterThan(0.05);
    expect(share(events.filter((row) => row.customerId === undefined).length)).toBeLessThan(0.2);
    const returns = events.filter((row) => row.type === 'return');
    expect(returns.every((row) => row.quantity < 0 && row.orderId !== undefined)).toBe(true);
    expect(share(returns.length)).toBeGreaterThan(0.001);
    expect(share(returns.length)).toBeLessThan(0.01);
    const samples = events.filter((row) => row.unitPrice === 0);
    expect(share(samples.length)).toBeGreaterThan(0.0005);
    expect(share(samples.length)).toBeLessThan(0.01);
  });

  it('returns only what that customer took home in that order', () => {
    const inWindow = groupBy(purchases, (row) => row.orderId!);
    for (const row of events.filter((event) => event.type === 'return')) {
      const order = inWindow.get(row.orderId!);
      if (order === undefined) continue; // bought before the window
      const line = order.find((each) => each.productId === row.productId && each.unitPrice === row.unitPrice);
      expect(line).toMatchObject({ quantity: -row.quantity });
      expect(line!.customerId).toBe(row.customerId);
      expect(line!.occurredAt.getTime()).toBeLessThan(row.occurredAt.getTime());
    }
  });

  it('sells more of what is on promotion', () => {
    const weeks = new Map<string, Set<string>>();
    for (const promotion of world.promotions()) {
      for (const id of promotion.productIds) {
        (weeks.get(id) ?? weeks.set(id, new Set()).get(id)!).add(promotion.validFrom.toISOString());
      }
    }
    const totalWeeks = greenGrocer.historyDays / 7;
    let promoted = 0;
    let usual = 0;
    for (const row of purchases.filter((each) => weeks.has(each.productId))) {
      if (row.offerId === undefined) usual += 1 / (totalWeeks - weeks.get(row.productId)!.size);
      else promoted += 1 / weeks.get(row.productId)!.size;
    }
    expect(promoted / usual).toBeGreaterThan(1.3);
  });
});
