import { foldsOf, leaveOneOut, splitByHash, splitByTime } from './splits.js';

const columnsOf = (rows: number[][]) => ({
  customers: Int32Array.from(rows, ([customer]) => customer),
  products: Int32Array.from(rows, ([, product]) => product),
});

describe('leave one out', () => {
  // Customer 0 comes back to product 5 last, 1 has one product only, 2 has two.
  const rows = [
    [0, 5, 10],
    [0, 6, 20],
    [0, 5, 30],
    [1, 7, 10],
    [1, 7, 20],
    [2, 5, 99],
    [2, 6, 98],
  ];
  const columns = { ...columnsOf(rows), times: Float64Array.from(rows, ([, , time]) => time) };

  it('takes the latest product, with its earlier rows, of those who have another', () => {
    expect([...leaveOneOut(columns, 1)]).toEqual([1, 0, 1, 0, 0, 1, 0]);
  });

  it('takes one at random without times, by seed and whatever the order', () => {
    const random = columnsOf(Array.from({ length: 200 }, (_, e) => [e % 20, Math.floor(e / 20)]));
    const chosen = leaveOneOut(random, 3);
    expect(chosen.reduce((sum, one) => sum + one, 0)).toBe(20);
    expect(leaveOneOut(random, 4)).not.toEqual(chosen);
    const reversed = {
      customers: random.customers.slice().reverse(),
      products: random.products.slice().reverse(),
    };
    expect(leaveOneOut(reversed, 3)).toEqual(chosen.slice().reverse());
  });

  it('takes nothing from nothing', () => {
    expect(leaveOneOut(columnsOf([]), 1)).toHaveLength(0);
  });
});

describe('split by time', () => {
  it('sends the latest share to the test part and never parts one moment', () => {
    expect([...splitByTime(Float64Array.of(4, 1, 3, 2), 0.5)]).toEqual([1, 0, 1, 0]);
    expect([...splitByTime(Float64Array.of(1, 2, 2, 2), 0.5)]).toEqual([0, 0, 0, 0]);
    expect([...splitByTime(Float64Array.of(1, 1, 2), 0.5)]).toEqual([0, 0, 1]);
  });

  it('refuses shares and times that are none', () => {
    expect(() => splitByTime(Float64Array.of(1), 1)).toThrow(expect.objectContaining({ field: 'share' }));
    expect(() => splitByTime(Float64Array.of(NaN), 0.5)).toThrow(expect.objectContaining({ field: 'times' }));
  });
});

describe('split by hash', () => {
  const columns = columnsOf(Array.from({ length: 10000 }, (_, e) => [e % 100, Math.floor(e / 100)]));

  it('meets the share on average, by seed', () => {
    const parts = splitByHash(columns, 0.2, 7);
    const share = parts.reduce((sum, one) => sum + one, 0) / 10000;
    // Five standard errors of a share of 0.2 over 10,000 rows.
    expect(Math.abs(share - 0.2)).toBeLessThan(0.02);
    expect(splitByHash(columns, 0.2, 8)).not.toEqual(parts);
  });

  it('decides about a row whatever other rows there are', () => {
    const parts = splitByHash(columns, 0.5, 7);
    const some = { customers: columns.customers.slice(50, 60), products: columns.products.slice(50, 60) };
    expect(splitByHash(some, 0.5, 7)).toEqual(parts.slice(50, 60));
  });
});

describe('folds', () => {
  it('are equally large, keep a pair together and depend on the seed', () => {
    const columns = columnsOf([...Array.from({ length: 103 }, (_, e) => [e % 7, e]), [0, 0], [1, 1]]);
    const folds = foldsOf(columns, 5, 1);
    const sizes = [0, 0, 0, 0, 0];
    folds.slice(0, 103).forEach((fold) => sizes[fold]++);
    expect(sizes.sort()).toEqual([20, 20, 21, 21, 21]);
    expect([folds[103], folds[104]]).toEqual([folds[0], folds[1]]);
    expect(foldsOf(columns, 5, 2)).not.toEqual(folds);
  });

  it('are at least two', () => {
    expect(() => foldsOf(columnsOf([]), 1, 1)).toThrow(expect.objectContaining({ field: 'k' }));
  });
});
