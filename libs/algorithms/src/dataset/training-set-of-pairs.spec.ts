import type { Csr } from './csr.js';
import { trainingSetOfPairs } from './training-set-of-pairs.js';

const plain = ({ offsets, indices, values }: Csr) => [[...offsets], [...indices], [...values]];

describe('trainingSetOfPairs', () => {
  // Customer 1 has no row and product 3 neither; (0, 2) comes twice.
  const pairs = {
    customerCount: 3,
    productCount: 4,
    customers: Int32Array.of(2, 0, 0, 0),
    products: Int32Array.of(1, 2, 1, 2),
    values: Float32Array.of(5, 1, 4, 2),
  };

  it('sums what comes twice', () => {
    const set = trainingSetOfPairs(pairs);
    expect(plain(set.byCustomer)).toEqual([
      [0, 2, 2, 3],
      [1, 2, 1],
      [4, 3, 5],
    ]);
    expect(plain(set.byProduct)).toEqual([
      [0, 0, 2, 3, 3],
      [0, 2, 0],
      [4, 5, 3],
    ]);
    expect([...set.popularity]).toEqual([0, 9, 3, 0]);
    expect([...set.customerCountOfProduct]).toEqual([0, 2, 1, 0]);
    expect([set.customerCount, set.productCount, set.orders.rows]).toEqual([3, 4, 0]);
  });

  it('averages it, or takes the largest, when told to', () => {
    expect([...trainingSetOfPairs(pairs, 'max').byCustomer.values]).toEqual([4, 2, 5]);
    expect([...trainingSetOfPairs(pairs, 'mean').byCustomer.values]).toEqual([4, 1.5, 5]);
  });

  it('counts each pair once without values', () => {
    expect([...trainingSetOfPairs({ ...pairs, values: undefined }, 'mean').byCustomer.values]).toEqual([
      1, 1, 1,
    ]);
  });

  it('does not depend on the order of the rows', () => {
    const reversed = {
      ...pairs,
      customers: pairs.customers.slice().reverse(),
      products: pairs.products.slice().reverse(),
      values: pairs.values.slice().reverse(),
    };
    expect(trainingSetOfPairs(reversed)).toEqual(trainingSetOfPairs(pairs));
  });

  it('takes no rows at all, and no pair from a value of 0', () => {
    const empty = { customers: new Int32Array(0), products: new Int32Array(0) };
    const set = trainingSetOfPairs({ customerCount: 2, productCount: 1, ...empty });
    expect(plain(set.byCustomer)).toEqual([[0, 0, 0], [], []]);
    const zero = trainingSetOfPairs({ ...pairs, values: Float32Array.of(0, 0, 1, 0) });
    expect(plain(zero.byCustomer)).toEqual([[0, 1, 1, 1], [1], [1]]);
  });

  it.each([
    ['customers', 'INDEX_OUT_OF_RANGE', { customers: Int32Array.of(2, 0, 3, 0) }],
    ['products', 'INDEX_OUT_OF_RANGE', { products: Int32Array.of(1, -1, 1, 2) }],
    ['products', 'SHAPE_MISMATCH', { products: Int32Array.of(1) }],
    ['values', 'SHAPE_MISMATCH', { values: Float32Array.of(1) }],
    ['values', 'PARAMETER_INVALID', { values: Float32Array.of(1, NaN, 1, 1) }],
    ['values', 'PARAMETER_INVALID', { values: Float32Array.of(1, Infinity, 1, 1) }],
    ['values', 'PARAMETER_INVALID', { values: Float32Array.of(1, -1, 1, 1) }],
    ['customerCount', 'PARAMETER_INVALID', { customerCount: 1.5 }],
  ])('refuses %s (%s)', (field, code, change) => {
    expect(() => trainingSetOfPairs({ ...pairs, ...change })).toThrow(
      expect.objectContaining({ field, code }),
    );
  });
});
