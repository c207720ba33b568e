import { trainingSetOfPairs } from '../../dataset/training-set-of-pairs.js';
import type { TrainingSet } from '../../dataset/training-set.js';
import { InlineExecutor } from '../../parallel/executor.js';
import { createRandom } from '../../statistics/random.js';
import type { Model } from '../algorithm.js';
import { algorithms, loadModel } from '../registry.js';
import { inverseDiagonalInto, PosteriorRow } from './posterior-row.js';
import { plainFit, plainFoldIn } from '../../testing/plain-rating-factors.js';

const context = { seed: 5, executor: new InlineExecutor() };
const params = { factors: 2, sweeps: 3, initialScale: 0.3 };

function ratings(rows: [customer: number, product: number, value: number][], customers = 0, products = 0) {
  return trainingSetOfPairs({
    customerCount: Math.max(customers, ...rows.map(([customer]) => customer + 1)),
    productCount: Math.max(products, ...rows.map(([, product]) => product + 1)),
    customers: Int32Array.from(rows, ([customer]) => customer),
    products: Int32Array.from(rows, ([, product]) => product),
    values: Float32Array.from(rows, ([, , value]) => value),
  });
}

/** Two kinds of customers who like opposite halves of the products, 1 to 5, two thirds of the pairs. */
function twoTastes(customers = 30, products = 12): TrainingSet {
  const random = createRandom(11);
  const rows: [number, number, number][] = [];
  for (let u = 0; u < customers; u++) {
    for (let i = 0; i < products; i++) {
      if (random.nextFloat() < 0.66) rows.push([u, i, ((u + i) % 2 === 0 ? 4 : 2) + random.nextInt(2)]);
    }
  }
  return ratings(rows);
}

function predict(model: Model, products: number[], values: number[]): number[] {
  const out = new Float32Array(model.productCount);
  model.createScorer().scoreInto(out, Int32Array.from(products), Float32Array.from(values));
  return [...out];
}

describe('a posterior row', () => {
  // One rating of 5 for a product with c = 0, q = 1, on the scale 3 ± 1; α = τ = 1: f = (1, 1), y = 2.
  const solve = (varianceOfQ: number) => {
    const row = new PosteriorRow(2, 4, { mean: 3, deviation: 1 });
    const fixed = { means: Float32Array.of(0, 1, 0, 0), variances: Float32Array.of(0, varianceOfQ, 0, 0) };
    const prior = { precisions: new Float64Array(4).fill(1), means: new Float32Array(4) };
    const error = row.solve(fixed, prior, 0, 1, Int32Array.of(0), Float32Array.of(5), 0, 1);
    return { error, mean: [...row.mean.subarray(0, 2)], variance: [...row.variance] };
  };
  const closeTo = (values: number[]) => values.map((value) => expect.closeTo(value, 12));

  it('answers a case worked out by hand', () => {
    // A = [2 1; 1 2]: mean (2/3, 2/3), error (2 - 4/3)² + 2/3 + 2/3.
    expect(solve(0)).toEqual({
      error: expect.closeTo(16 / 9, 12),
      mean: closeTo([2 / 3, 2 / 3]),
      variance: closeTo([2 / 3, 2 / 3, 0, 0]),
    });
  });

  it('trusts a factor less that is itself uncertain', () => {
    // A = [2 1; 1 3]: mean (4/5, 2/5), variances (3/5, 2/5); error (2 - 6/5)² + (2/5)² + 3/5 + 2 · 2/5.
    expect(solve(1)).toEqual({
      error: expect.closeTo(0.64 + 0.16 + 0.6 + 0.8, 12),
      mean: closeTo([0.8, 0.4]),
      variance: closeTo([0.6, 0.4, 0, 0]),
    });
  });

  it('inverts a triangle', () => {
    // R = [2 1; 0 1]: RᵀR = [4 2; 2 2], its inverse [1/2 -1/2; -1/2 1].
    const out = new Float64Array(2);
    inverseDiagonalInto(out, new Float64Array(4), Float64Array.of(2, 1, 0, 1), 2);
    expect([...out]).toEqual([0.5, 1]);
  });
});

/** Four kinds of customers: 11 of 14 ratings are of their own quarter of 60 products and about 4, the others about 2. */
function fourTastes(): { train: TrainingSet; test: [number[], number[], number, number][] } {
  const random = createRandom(7);
  const rows: [number, number, number][] = [];
  const test: [number[], number[], number, number][] = [];
  for (let u = 0; u < 120; u++) {
    const own = new Set<number>();
    while (own.size < 11) own.add(15 * (u % 4) + random.nextInt(15));
    while (own.size < 14) own.add(random.nextInt(60));
    const rate = (i: number) =>
      Math.min(5, Math.max(1, (Math.floor(i / 15) === u % 4 ? 4 : 2) + 0.8 * random.nextGaussian()));
    const [first, ...others] = [...own].map((i): [number, number] => [i, rate(i)]);
    const last = others.pop() ?? first;
    others.forEach(([i, value]) => rows.push([u, i, value]));
    const history = [others.map(([i]) => i), others.map(([, value]) => value)] as const;
    for (const [i, value] of [first, last]) test.push([...history, i, value]);
  }
  return { train: ratings(rows, 120, 60), test };
}

it('svdpp sees who likes what in few ratings, where priors learnt at once prune every factor', async () => {
  const { train, test } = fourTastes();
  const model = await algorithms.svdpp.fit(train, algorithms.svdpp.defaults, context);
  const errors = test.map(([items, values, i, value]) => predict(model, items, values)[i] - value);
  // 1.36 without a second, patient fit, and as much with biases alone; 0.8 is noise.
  expect(Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length)).toBeLessThan(1.2);
});

describe.each([
  ['biased-mf', false],
  ['svdpp', true],
] as const)('%s', (name, usesFeedback) => {
  const algorithm = algorithms[name];

  it('agrees with plain dense equations after three sweeps, within 0.0005', async () => {
    const data = twoTastes();
    const model = await algorithm.fit(data, params, context);
    const plain = plainFit(data, params, context.seed, usesFeedback);
    const history = { products: [0, 1, 5, 6], values: [5, 2, 1, 4] };
    const expected = plainFoldIn(plain, history.products, history.values);
    // Vectors are stored in single precision after every half-sweep.
    predict(model, history.products, history.values).forEach((value, p) =>
      expect(value).toBeCloseTo(expected[p], 3),
    );
  });

  it('recovers two tastes, and predicts on the scale of the values', async () => {
    const model = await algorithm.fit(twoTastes(), { ...params, sweeps: 20 }, context);
    expect(model.predictsValues).toBe(true);
    const predicted = predict(model, [0, 1, 2, 3], [5, 2, 4, 3]);
    predicted
      .slice(4)
      .forEach((value, i) => expect(Math.abs(value - (i % 2 === 0 ? 4.5 : 2.5))).toBeLessThan(0.7));
  });

  it('predicts the value if all are equal, also 0, which is not "unknown"', async () => {
    const equal = await algorithm.fit(
      ratings(
        [
          [0, 0, 3],
          [0, 1, 3],
          [1, 1, 3],
        ],
        2,
        3,
      ),
      params,
      context,
    );
    const [first, second, unrated] = predict(equal, [0], [3]);
    expect(first).toBeCloseTo(3, 4);
    expect(second).toBeCloseTo(3, 4);
    expect(unrated).toBe(0);
    const data = ratings([
      [0, 0, 3],
      [1, 0, 3],
    ]);
    const zeros = { ...data.byCustomer, values: new Float32Array(2) };
    const model = await algorithm.fit(
      { ...data, byCustomer: zeros, byProduct: { ...data.byProduct, values: zeros.values } },
      params,
      context,
    );
    const [value] = predict(model, [0], [0]);
    expect(Math.abs(value)).toBeLessThan(1e-6);
    expect(value).not.toBe(0);
  });

  it('stays in the range seen in training, in order beyond it', async () => {
    const data = ratings(
      Array.from({ length: 40 }, (_, e) => [e % 10, Math.floor(e / 10), e % 10 < 5 ? 1 : 5]),
    );
    const model = await algorithm.fit(data, { ...params, sweeps: 10 }, context);
    const high = predict(model, [0, 1, 2], [50, 50, 50]);
    high.forEach((value) => expect(value).toBeGreaterThan(5));
    high.forEach((value) => expect(value).toBeLessThan(5.1));
  });

  it.each<[string, [number, number, number][], number, number]>([
    ['no rating', [], 0, 0],
    ['no rating of some products', [], 3, 4],
    ['one rating', [[0, 0, 4]], 1, 1],
    [
      'one customer',
      [
        [0, 0, 4],
        [0, 1, 2],
        [0, 2, 5],
      ],
      1,
      3,
    ],
    [
      'one product',
      [
        [0, 0, 4],
        [1, 0, 2],
      ],
      3,
      1,
    ],
    [
      'values far apart',
      [
        [0, 0, 1e-6],
        [0, 1, 1e6],
        [1, 1, 1],
      ],
      2,
      2,
    ],
  ])('is defined for %s', async (_, rows, customers, products) => {
    const model = loadModel(
      (
        await algorithm.fit(ratings(rows, customers, products), { ...params, factors: 9 }, context)
      ).serialize(),
    );
    const none = predict(model, [], []);
    const all = predict(
      model,
      [...none.keys()],
      none.map(() => 3),
    );
    const rated = new Set(rows.map(([, product]) => product));
    for (const scores of [none, all]) {
      expect(scores.every(Number.isFinite)).toBe(true);
      scores.forEach((value, p) => expect(value !== 0).toBe(rated.has(p)));
    }
  });
});
