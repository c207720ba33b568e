import { InlineExecutor } from '../../parallel/executor.js';
import { rowsOf, scoresOfRow, trainingSetOfRows } from '../../testing/dense-rows.js';
import { groupedTrainingSet } from '../../testing/grouped-events.js';
import { userCf } from './user-cf.js';

const context = { seed: 3, executor: new InlineExecutor() };
const plain = { ...userCf.defaults, shrinkage: 0, valueExponent: 1, popularityExponent: 0, amplification: 1 };

describe('user-cf', () => {
  /** Customer 0 has the first two products, customer 1 the last three, customer 2 the last alone. */
  const hand = [
    [1, 1, 0, 0],
    [0, 1, 1, 1],
    [0, 0, 0, 2],
  ];

  it('answers a case worked out by hand', async () => {
    const data = trainingSetOfRows(hand, 4);
    const model = await userCf.fit(data, plain, context);
    // History {0}: cosine 1/√2 with customer 0, nothing in common with the others.
    scoresOfRow(model, [3, 0, 0, 0]).forEach((score, p) =>
      expect(score).toBeCloseTo([Math.SQRT1_2, Math.SQRT1_2, 0, 0][p], 6),
    );
    // History {1, 2}: cosine 1/2 with customer 0, 2/√6 with customer 1.
    const far = 2 / Math.sqrt(6);
    const history = [0, 1, 1, 0];
    scoresOfRow(model, history).forEach((score, p) =>
      expect(score).toBeCloseTo([0.5, 0.5 + far, far, far][p], 6),
    );
    const nearest = await userCf.fit(
      data,
      { ...plain, neighbours: 1, shrinkage: 1, amplification: 2 },
      context,
    );
    const shrunk = (2 / (Math.sqrt(6) + 1)) ** 2;
    scoresOfRow(nearest, history).forEach((score, p) =>
      expect(score).toBeCloseTo([0, shrunk, shrunk, shrunk][p], 6),
    );
  });

  it('lets equally near customers in by lower index, and nobody who has the same products', async () => {
    const data = trainingSetOfRows(
      [
        [1, 1, 0, 0],
        [2, 0, 1, 0],
        [1, 0, 0, 1],
        [1, 0, 0, 0],
      ],
      4,
    );
    const model = await userCf.fit(data, { ...plain, valueExponent: 0, neighbours: 2 }, context);
    const [, first, second, third] = scoresOfRow(model, [1, 0, 0, 0]);
    expect([first > 0, second > 0, third > 0]).toEqual([true, true, false]);
  });

  it('agrees with a dense reference', async () => {
    const data = groupedTrainingSet();
    const params = { ...userCf.defaults, neighbours: 15, popularityExponent: 0.3, amplification: 1.5 };
    const model = await userCf.fit(data, params, context);
    const x = rowsOf(data.byCustomer).map((row) => row.map((value) => value ** params.valueExponent));
    const weights = x[0].map((_, p) => x.filter((row) => row[p] > 0).length ** -0.3);
    const dot = (a: number[], b: number[]) =>
      a.reduce((sum, value, p) => sum + weights[p] ** 2 * value * b[p], 0);
    const customer = 8;
    const others = x
      .map((row, v) => ({
        v,
        s:
          dot(x[customer], row) /
          (Math.sqrt(dot(row, row) * dot(x[customer], x[customer])) + params.shrinkage),
      }))
      .filter(({ v }) => v !== customer)
      .sort((a, b) => b.s - a.s || a.v - b.v)
      .slice(0, 15);
    const expected = weights.map((_, p) => others.reduce((sum, { v, s }) => sum + s ** 1.5 * x[v][p], 0));
    scoresOfRow(model, rowsOf(data.byCustomer)[customer]).forEach((score, p) =>
      expect(score).toBeCloseTo(expected[p], 4),
    );
  });

  it('has defined results for the smallest data', async () => {
    for (const [rows, products] of [
      [[], 0],
      [[], 3],
      [[[0, 0]], 2],
      [[[1]], 1],
      [[[0], [2]], 1],
    ] as [number[][], number][]) {
      const model = await userCf.fit(trainingSetOfRows(rows, products), userCf.defaults, context);
      const history = new Array<number>(products).fill(1);
      expect(scoresOfRow(model, history)).toEqual(new Array<number>(products).fill(0));
    }
  });

  it('takes a product that nobody has, and a row of value 0, for no evidence', async () => {
    const model = await userCf.fit(trainingSetOfRows([[1, 1, 0]], 3), plain, context);
    expect(scoresOfRow(model, [0, 0, 4])).toEqual([0, 0, 0]);
    const out = new Float32Array(3).fill(9);
    model.createScorer().scoreInto(out, Int32Array.of(0), Float32Array.of(0));
    expect([...out]).toEqual([0, 0, 0]);
  });
});
