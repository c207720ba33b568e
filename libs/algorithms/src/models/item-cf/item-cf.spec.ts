import { InlineExecutor } from '../../parallel/executor.js';
import { rowsOf, scoresOfRow, trainingSetOfRows } from '../../testing/dense-rows.js';
import { groupedTrainingSet } from '../../testing/grouped-events.js';
import { itemCf } from './item-cf.js';
import type { ItemCfParams } from './item-cf-parameters.js';

const context = { seed: 3, executor: new InlineExecutor() };
const plain: ItemCfParams = {
  ...itemCf.defaults,
  shrinkage: 0,
  valueExponent: 0,
  rowLengthExponent: 0,
  orderWeight: 0,
};

/** Product 0 in baskets 0, 1, 2; product 1 in 1, 2, 3, 4; product 2 in 5 alone; n = 6. */
const HAND = [
  [1, 0, 0],
  [3, 1, 0],
  [1, 2, 0],
  [0, 1, 0],
  [0, 1, 0],
  [0, 0, 1],
];

describe('item-cf', () => {
  // c_0 = 3, c_1 = 4, c_01 = 2.
  const cases = [
    { similarity: 'cosine', shrinkage: 0, expected: 2 / Math.sqrt(12) },
    { similarity: 'jaccard', shrinkage: 0, expected: 2 / 5 },
    { similarity: 'jaccard', shrinkage: 3, expected: 2 / 8 },
    { similarity: 'lift', shrinkage: 0, expected: 2 / ((3 * 4) / 6) },
    { similarity: 'lift', shrinkage: 2, expected: 2 / ((3 * 4) / 6 + 2) },
  ] as const;
  for (const { similarity, shrinkage, expected } of cases) {
    it(`answers a case worked out by hand: ${similarity}, shrinkage ${shrinkage}`, async () => {
      const data = trainingSetOfRows(HAND, 3);
      const model = await itemCf.fit(data, { ...plain, similarity, shrinkage }, context);
      const [own, other, strange] = scoresOfRow(model, [5, 0, 0]);
      expect(own).toBe(0);
      expect(other).toBeCloseTo(expected, 6);
      expect(strange).toBe(0);
    });
  }

  for (const similarity of ['jaccard', 'lift'] as const) {
    it(`agrees with a dense reference on spending weights: ${similarity}`, async () => {
      const data = groupedTrainingSet();
      const params = { ...plain, similarity, neighbours: 1000, shrinkage: 2, valueExponent: 0.5 };
      const model = await itemCf.fit(data, params, context);
      const x = rowsOf(data.byCustomer).map((row) => row.map((value) => Math.sqrt(value)));
      const dot = (i: number, j: number) => x.reduce((sum, row) => sum + row[i] * row[j], 0);
      const base = (i: number, j: number) =>
        similarity === 'jaccard'
          ? dot(i, i) + dot(j, j) - dot(i, j)
          : (dot(i, i) * dot(j, j)) / data.customerCount;
      const history = rowsOf(data.byCustomer)[3];
      const expected = history.map((_, j) =>
        history.reduce(
          (sum, value, i) => sum + (i === j ? 0 : (Math.sqrt(value) * dot(i, j)) / (base(i, j) + 2)),
          0,
        ),
      );
      scoresOfRow(model, history).forEach((value, j) => expect(value).toBeCloseTo(expected[j], 4));
    });
  }

  it('keeps the N most similar of each product, equal ones by lower index', async () => {
    // Products 1, 2 and 3 are alike to product 0, and to each other.
    const data = trainingSetOfRows([[1, 1, 1, 1]], 4);
    const model = await itemCf.fit(data, { ...plain, neighbours: 1 }, context);
    // 1, 2 and 3 keep product 0; product 0 keeps product 1.
    expect(scoresOfRow(model, [1, 0, 0, 0])).toEqual([0, 1, 1, 1]);
    expect(scoresOfRow(model, [0, 1, 0, 0])).toEqual([1, 0, 0, 0]);
    expect(scoresOfRow(model, [0, 0, 1, 0])).toEqual([0, 0, 0, 0]);
  });

  it('has defined results for the smallest data', async () => {
    for (const [rows, products] of [
      [[], 0],
      [[], 3],
      [[[0, 0]], 2],
      [[[1]], 1],
      [[[0], [2]], 1],
    ] as [number[][], number][]) {
      const model = await itemCf.fit(trainingSetOfRows(rows, products), plain, context);
      const history = new Array<number>(products).fill(1);
      expect(scoresOfRow(model, history)).toEqual(new Array<number>(products).fill(0));
    }
  });
});
