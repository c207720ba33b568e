import { groupPairs, sumOf } from './group-pairs.js';

describe('groupPairs', () => {
  it('sums a cell to the same bits whatever the order of its entries', () => {
    const group = (values: number[]) => {
      const zeros = new Int32Array(values.length);
      const selected = Int32Array.from(values, (_, e) => e);
      return groupPairs(
        { rows: 1, columns: 1, selected, row: zeros, column: zeros, value: Float32Array.from(values) },
        sumOf,
      );
    };
    // In Float64 the small ones vanish beside 1e30, or do not, depending on the order.
    const expected = group([1e30, 7, -1e30, 3]).values;
    expect(group([7, 3, 1e30, -1e30]).values).toEqual(expected);
    expect(group([1e30, -1e30, 7, 3]).values).toEqual(expected);
  });

  it('drops cells that are not positive', () => {
    const value = Float32Array.of(1, -1, 2);
    const column = Int32Array.of(0, 0, 1);
    const cells = groupPairs(
      { rows: 1, columns: 2, selected: Int32Array.of(0, 1, 2), row: new Int32Array(3), column, value },
      sumOf,
    );
    expect([[...cells.offsets], [...cells.indices], [...cells.values]]).toEqual([[0, 1], [1], [2]]);
  });
});
