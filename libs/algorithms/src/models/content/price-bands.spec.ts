import type { ProductAttributes } from '../../dataset/product-attributes.js';
import type { ProductDescription } from '../../dataset/product-attributes-builder.js';
import { ProductAttributesBuilder } from '../../dataset/product-attributes-builder.js';
import { bandAffinityInto, priceBandsOf } from './price-bands.js';

function attributesOf(products: readonly ProductDescription[]): ProductAttributes {
  const builder = new ProductAttributesBuilder();
  for (const product of products) builder.add(product);
  return builder.finish();
}

describe('price bands', () => {
  const priced = (price: number, ...categories: string[]) => ({ price, categories });

  it('are quantiles; equal prices share one, unknown prices have none', () => {
    const bands = (prices: number[], count: number) => [
      ...priceBandsOf(attributesOf(prices.map((price) => ({ price }))), count, 1),
    ];
    expect(bands([1, 2, 3, 4, 5, 6, NaN], 3)).toEqual([1, 1, 2, 2, 3, 3, 0]);
    expect(bands([9, 9, 9, 9], 4)).toEqual([1, 1, 1, 1]);
    expect(bands([1, 1, 1, 5], 2)).toEqual([1, 1, 1, 2]);
    expect(bands([7], 5)).toEqual([1]);
    expect(bands([], 5)).toEqual([]);
  });

  it('are those of the most specific category that is large enough', () => {
    const catalogue = [
      priced(1, 'food'),
      priced(2, 'food', 'tea'),
      priced(30, 'home'),
      priced(40, 'home'),
      priced(3),
    ];
    // food and home have two each, tea one: 1 < 2 in food, 30 < 40 at home; 3 is at the middle of the catalogue.
    expect([...priceBandsOf(attributesOf(catalogue), 2, 2)]).toEqual([1, 2, 1, 2, 1]);
    expect([...priceBandsOf(attributesOf(catalogue), 2, 3)]).toEqual([1, 1, 2, 2, 1]);
  });

  it('are strangers from two apart', () => {
    const out = new Float64Array(5);
    bandAffinityInto(out, Float64Array.of(9, 2, 0, 0, 2));
    expect([...out]).toEqual([0, 0.5, 0.25, 0.25, 0.5]);
    bandAffinityInto(out, Float64Array.of(9, 0, 0, 0, 0));
    expect([...out]).toEqual([0, 0, 0, 0, 0]);
  });
});
