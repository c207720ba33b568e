import { MS_PER_DAY } from '../calendar.js';
import { atelierNord } from '../fashion/atelier-nord.js';
import { deviation, groupBy, median, purchasesOf, smallWorld, UNTIL } from './small-world.js';

const world = smallWorld(atelierNord, { scale: 0.2 });
const events = [...world.interactions()];
const purchases = purchasesOf(world);
const products = new Map(Array.from(world.products(), (product) => [product.productId, product]));

describe('habits of the fashion shop', () => {
  it('never sells the same article twice to anybody', () => {
    const pairs = purchases.map((row) => `${row.customerId} ${row.productId}`);
    expect(new Set(pairs).size).toBe(pairs.length);
  });

  it('shows and sells nothing before it arrives or after it is retired', () => {
    const offShelf = events.filter((row) => {
      if (row.type === 'return' || row.type === 'rating') return false;
      const { availableFrom, retiredAt } = products.get(row.productId)!;
      return row.occurredAt < availableFrom || (retiredAt !== undefined && row.occurredAt >= retiredAt);
    });
    expect(offShelf).toEqual([]);
  });

  it('has at least two collections, and retires the old ones', () => {
    const seasons = new Set(
      Array.from(products.values(), ({ attributes }) => `${attributes.season} ${attributes.year}`),
    );
    expect(seasons.size).toBeGreaterThanOrEqual(3);
    expect(
      [...products.values()].filter((product) => product.retiredAt !== undefined).length,
    ).toBeGreaterThan(100);
  });

  it('keeps customers within their price range', () => {
    const usual = new Map<string, number>();
    for (const [category, rows] of groupBy(products.values(), (product) => product.category)) {
      usual.set(category, median(rows.map((product) => product.price)));
    }
    const ratio = (productId: string) =>
      Math.log(products.get(productId)!.price / usual.get(products.get(productId)!.category)!);
    const all: number[] = [];
    const toOwnLevel: number[] = [];
    for (const rows of groupBy(purchases, (row) => row.customerId!).values()) {
      if (rows.length < 3) continue;
      const ratios = rows.map((row) => ratio(row.productId));
      const level = median(ratios);
      all.push(...ratios);
      ratios.forEach((value) => toOwnLevel.push(value - level));
    }
    expect(deviation(toOwnLevel)).toBeLessThan(0.65 * deviation(all));
    expect(
      toOwnLevel.filter((value) => Math.abs(value) < Math.log(2)).length / toOwnLevel.length,
    ).toBeGreaterThan(0.8);
  });

  it('narrows from view to click to cart to purchase', () => {
    const count = (type: string) => events.filter((event) => event.type === type).length;
    expect(count('view')).toBeGreaterThan(count('click'));
    expect(count('click')).toBeGreaterThan(count('cart'));
    expect(count('cart')).toBeGreaterThan(count('purchase'));
    expect(count('purchase') / count('view')).toBeGreaterThan(0.05);
  });

  it('takes back 15 % of what it sold, each piece once and later', () => {
    const returns = events.filter((event) => event.type === 'return');
    const bought = new Map(purchases.map((row) => [`${row.customerId} ${row.productId}`, row]));
    const settled = purchases.filter((row) => UNTIL.getTime() - row.occurredAt.getTime() > 21 * MS_PER_DAY);
    const returned = new Set(returns.map((row) => `${row.customerId} ${row.productId}`));
    expect(returned.size).toBe(returns.length);
    const share =
      settled.filter((row) => returned.has(`${row.customerId} ${row.productId}`)).length / settled.length;
    expect(Math.abs(share - 0.15)).toBeLessThan(0.03);
    for (const row of returns) {
      expect(row.quantity).toBe(-1);
      const purchase = bought.get(`${row.customerId} ${row.productId}`);
      if (purchase !== undefined)
        expect(purchase.occurredAt.getTime()).toBeLessThan(row.occurredAt.getTime());
    }
  });

  it('rates from 1 to 5', () => {
    const ratings = events.filter((event) => event.type === 'rating').map((event) => event.rating!);
    expect(new Set(ratings)).toEqual(new Set([1, 2, 3, 4, 5]));
  });
});
