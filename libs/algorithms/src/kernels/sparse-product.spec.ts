import { transpose } from '../dataset/csr.js';
import { rowsOf, trainingSetOfRows } from '../testing/dense-rows.js';
import { hasFlatRows, multiplyRowInto, rowOperations } from './sparse-product.js';

/** 0 in two cells of three, so that a product of two has rows with much and with little to add. */
function table(rows: number, columns: number, density = 3): number[][] {
  return Array.from({ length: rows }, (_, r) =>
    Array.from({ length: columns }, (__, c) => ((r * 7 + c * 5) % density === 0 ? 1 + ((r + 2 * c) % 4) : 0)),
  );
}

describe('multiplyRowInto', () => {
  for (const [name, rows, columns, density] of [
    ['few additions', 4, 60, 11],
    ['many additions', 80, 9, 2],
  ] as const) {
    it(`is the row of the dense product, ${name}`, () => {
      const right = trainingSetOfRows(table(rows, columns, density), columns).byCustomer;
      const left = transpose(right);
      const dense = rowsOf(right);
      const sums = new Float64Array(columns);
      const touched = new Int32Array(columns);
      for (let i = 0; i < columns; i++) {
        const count = multiplyRowInto(sums, touched, left, i, right);
        const expected = dense[0].map((_, j) => dense.reduce((sum, row) => sum + row[i] * row[j], 0));
        // Small whole numbers: exact in any order.
        expect([...sums]).toEqual(expected);
        const positive = expected.flatMap((value, j) => (value > 0 ? [j] : []));
        expect([...touched.subarray(0, count)].sort((a, b) => a - b)).toEqual(positive);
        sums.fill(0);
      }
    });
  }

  it('counts the additions, and adds nothing for entries of weight 0', () => {
    const right = trainingSetOfRows(
      [
        [1, 1, 0, 0, 0, 0, 0, 0],
        [0, 1, 1, 1, 0, 0, 0, 0],
      ],
      8,
    ).byCustomer;
    const left = {
      ...right,
      rows: 1,
      columns: 2,
      offsets: Int32Array.of(0, 2),
      indices: Int32Array.of(0, 1),
    };
    expect(rowOperations(left, 0, right)).toBe(5);
    const sums = new Float64Array(8);
    const touched = new Int32Array(8);
    const weighted = { ...left, values: Float32Array.of(0, 2) };
    const count = multiplyRowInto(sums, touched, weighted, 0, right);
    expect([...touched.subarray(0, count)]).toEqual([1, 2, 3]);
    expect([...sums]).toEqual([0, 2, 2, 2, 0, 0, 0, 0]);
  });

  it('gives the same bits when it knows that rows are flat', () => {
    const ones = table(80, 9, 2).map((row, r) => row.map((value) => (value > 0 ? 0.1 * (r + 1) : 0)));
    const right = trainingSetOfRows(ones, 9).byCustomer;
    const left = transpose(right);
    expect(hasFlatRows(right)).toBe(true);
    expect(hasFlatRows(left)).toBe(false);
    const touched = new Int32Array(9);
    for (let i = 0; i < 9; i++) {
      const plain = new Float64Array(9);
      const flat = new Float64Array(9);
      multiplyRowInto(plain, touched, left, i, right);
      multiplyRowInto(flat, touched, left, i, { ...right, isFlat: true });
      expect(flat).toEqual(plain);
    }
  });
});
