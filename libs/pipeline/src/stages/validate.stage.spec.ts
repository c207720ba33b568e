import type { EventKind } from '#libs/domain';
import { SnapshotBuilder } from '../snapshot/snapshot-builder.js';
import { describeSnapshot } from './validate.stage.js';

type Row = readonly [
  kind: EventKind,
  customer: string | undefined,
  product: string,
  quantity: number,
  unitPrice: number,
];

function numbersOf(rows: readonly Row[]) {
  const builder = new SnapshotBuilder(1);
  builder.product('unsold', undefined, 1, false);
  rows.forEach(([kind, customer, product, quantity, unitPrice], index) => {
    builder.interaction(
      kind,
      customer,
      product,
      1_000 + index,
      quantity,
      unitPrice,
      NaN,
      undefined,
      `e${index}`,
    );
  });
  return describeSnapshot(builder.finish());
}

describe('describeSnapshot', () => {
  it('counts what the rows are, by hand', () => {
    const numbers = numbersOf([
      ['purchase', 'c1', 'p1', 2, 3],
      ['purchase', undefined, 'p1', 1, 3],
      ['purchase', 'c1', 'p2', 1, 0],
      ['return', 'c1', 'p1', -2, 3],
      ['purchase', 'c2', 'p1', -1, 0],
      ['purchase', undefined, 'p2', 1, -11],
      ['view', 'c2', 'p2', NaN, NaN],
      ['rejected', 'c2', 'p2', NaN, NaN],
    ]);
    expect(numbers).toEqual({
      rows: 8,
      customers: 2,
      products: 3,
      returns: 2,
      refunds: 1,
      zeroPrice: 2,
      withoutCustomer: 2,
      kept: 5,
      retention: 0.625,
      extremePriceProducts: 0,
      watermark: new Date(1_007_000).toISOString(),
    });
  });

  it('tells a refund from goods that came back, also where an importer calls both a return', () => {
    expect(numbersOf([['return', 'c', 'p', 1, -5]])).toMatchObject({ refunds: 1, returns: 0 });
    expect(numbersOf([['return', 'c', 'p', NaN, -5]])).toMatchObject({ refunds: 1, returns: 0 });
    expect(numbersOf([['return', 'c', 'p', -1, -5]])).toMatchObject({ refunds: 0, returns: 1 });
    expect(numbersOf([['return', 'c', 'p', NaN, NaN]])).toMatchObject({ refunds: 0, returns: 1 });
  });

  it('flags a product whose prices vary by more than their mean, and counts purchases alone', () => {
    // 1, 1, 1, 9: mean 3, standard deviation 4. 1, 1, 1, 3: mean 1.5, standard deviation 1.
    const prices = (kind: EventKind, product: string, ...values: number[]): Row[] =>
      values.map((value) => [kind, 'c', product, 1, value]);
    expect(numbersOf(prices('purchase', 'wild', 1, 1, 1, 9)).extremePriceProducts).toBe(1);
    expect(numbersOf(prices('purchase', 'calm', 1, 1, 1, 3)).extremePriceProducts).toBe(0);
    expect(numbersOf(prices('view', 'seen', 1, 1, 1, 9)).extremePriceProducts).toBe(0);
    expect(numbersOf(prices('purchase', 'once', 900)).extremePriceProducts).toBe(0);
    expect(
      numbersOf([...prices('purchase', 'a', 1, 1, 1, 9), ...prices('purchase', 'b', 1, 1, 1, 9)])
        .extremePriceProducts,
    ).toBe(2);
  });

  it('takes gifts and refunds out of the prices that it judges', () => {
    expect(
      numbersOf([
        ['purchase', 'c', 'p', 1, 5],
        ['purchase', 'c', 'p', 1, 0],
        ['purchase', 'c', 'p', 1, -50],
      ]).extremePriceProducts,
    ).toBe(0);
  });
});
