import { trainingSetOfPairs } from '../../dataset/training-set-of-pairs.js';
import { InlineExecutor } from '../../parallel/executor.js';
import { createRandom } from '../../statistics/random.js';
import { groupedTrainingSet } from '../../testing/grouped-events.js';
import type { Model } from '../algorithm.js';
import { bpr } from './bpr.js';
import type { BprEpochTask } from './bpr-kernels.js';
import { foldInBpr, runBprEpoch } from './bpr-kernels.js';

const context = { seed: 5, executor: new InlineExecutor() };
const params = { ...bpr.defaults, factors: 6, epochs: 10 };

function pairs(rows: [customer: number, product: number][], customerCount: number, productCount: number) {
  return trainingSetOfPairs({
    customerCount,
    productCount,
    customers: Int32Array.from(rows, ([customer]) => customer),
    products: Int32Array.from(rows, ([, product]) => product),
  });
}

function scoresOf(model: Model, history: number[]): number[] {
  const out = new Float32Array(model.productCount);
  model.createScorer().scoreInto(out, Int32Array.from(history), new Float32Array(history.length).fill(1));
  return [...out];
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const dot = (a: number[], b: number[]) => a.reduce((sum, value, k) => sum + value * b[k], 0);
const rowsOf = (flat: Float32Array, stride: number) =>
  Array.from({ length: flat.length / stride }, (_, r) => [...flat.subarray(r * stride, (r + 1) * stride)]);

function epochTask(data: ReturnType<typeof pairs>, stride: number): BprEpochTask {
  const random = createRandom(1);
  const vectors = (rows: number) => Float32Array.from({ length: rows * stride }, () => random.nextGaussian());
  const { offsets, indices } = data.byCustomer;
  const customerOf = Int32Array.from(indices, (_, e) => offsets.findLastIndex((offset) => offset <= e));
  return {
    observed: data.byCustomer,
    customerOf,
    customers: vectors(data.customerCount),
    products: { vectors: vectors(data.productCount), biases: new Float32Array(data.productCount), stride },
    regularisation: { customers: 0.02, products: 0.03, biases: 0.04 },
    rate: 0.1,
    seed: 8,
    epoch: 2,
  };
}

describe('LearnBPR', () => {
  it('answers a step worked out by hand', () => {
    // The only pair and the only negative: x̂ = 1 · (0 - 0), 1 - σ(x̂) = 1/2, η = 0.1, so every change is 0.05 times its factor.
    const task = {
      ...epochTask(pairs([[0, 0]], 1, 2), 2),
      regularisation: { customers: 1, products: 0, biases: 0 },
    };
    task.customers.set([1, 0]);
    task.products.vectors.fill(0);
    runBprEpoch(task);
    expect([...task.customers]).toEqual([Math.fround(0.9), 0]);
    expect([...task.products.vectors]).toEqual([0.05, 0, -0.05, 0].map(Math.fround));
    expect([...task.products.biases]).toEqual([0.05, -0.05].map(Math.fround));
  });

  it('agrees with a plain epoch over the same draws, within single precision', () => {
    const data = pairs([[0, 0], [0, 2], [1, 1], [1, 4], [2, 0], [2, 3], [2, 4]], 3, 5); // prettier-ignore
    const task = epochTask(data, 4);
    const [W, H, b] = [
      rowsOf(task.customers, 4),
      rowsOf(task.products.vectors, 4),
      new Array<number>(5).fill(0),
    ];
    runBprEpoch(task);
    const random = createRandom(8, 2, 2);
    const draw = (bound: number) => Math.floor((random.nextUint32() * bound) / 2 ** 32);
    for (let step = 0; step < 7; step++) {
      const e = draw(7);
      const [u, i] = [task.customerOf[e], task.observed.indices[e]];
      const own = [...task.observed.indices.subarray(task.observed.offsets[u], task.observed.offsets[u + 1])];
      let j = draw(5);
      while (own.includes(j)) j = draw(5);
      const wrong = sigmoid(-(b[i] - b[j] + dot(W[u], H[i]) - dot(W[u], H[j])));
      const [w, better, worse] = [W[u], H[i], H[j]];
      W[u] = w.map((x, k) => x + 0.1 * (wrong * (better[k] - worse[k]) - 0.02 * x));
      H[i] = better.map((x, k) => x + 0.1 * (wrong * w[k] - 0.03 * x));
      H[j] = worse.map((x, k) => x + 0.1 * (-wrong * w[k] - 0.03 * x));
      b[i] += 0.1 * (wrong - 0.04 * b[i]);
      b[j] += 0.1 * (-wrong - 0.04 * b[j]);
    }
    W.flat().forEach((value, k) => expect(task.customers[k]).toBeCloseTo(value, 5));
    H.flat().forEach((value, k) => expect(task.products.vectors[k]).toBeCloseTo(value, 5));
    b.forEach((value, k) => expect(task.products.biases[k]).toBeCloseTo(value, 5));
  });
});

describe('folding in', () => {
  it('comes close to the optimum over all negatives, found by plain gradient ascent', () => {
    const task = epochTask(pairs([[0, 0]], 1, 12), 4);
    const history = [1, 4, 7];
    const H = rowsOf(task.products.vectors, 4);
    const others = H.flatMap((_, j) => (history.includes(j) ? [] : [j]));
    const differences = history.flatMap((i) => others.map((j) => H[i].map((x, k) => x - H[j][k])));
    let w = [0, 0, 0, 0];
    for (let step = 0; step < 5000; step++) {
      const wrong = differences.map((x) => sigmoid(-dot(w, x)));
      w = w.map(
        (value, k) =>
          value +
          0.2 *
            (dot(
              wrong,
              differences.map((x) => x[k]),
            ) /
              wrong.length -
              0.1 * value),
      );
    }
    const folded = new Float32Array(4);
    foldInBpr(folded, task.products, Int32Array.from(history), {
      epochs: 3000,
      rate: 0.2,
      regularisation: 0.1,
    });
    folded.forEach((value, k) => expect(Math.abs(value - w[k])).toBeLessThan(0.03));
  });
});

describe('bpr', () => {
  it('puts the products of a customer’s own group first', async () => {
    const model = await bpr.fit(groupedTrainingSet(), { ...params, epochs: 40 }, context);
    // The groups are the products modulo 4.
    const scores = scoresOf(model, [1, 5, 9, 13]);
    const order = [...scores.keys()]
      .filter((p) => ![1, 5, 9, 13].includes(p))
      .sort((a, b) => scores[b] - scores[a]);
    expect(order.slice(0, 6).every((p) => p % 4 === 1)).toBe(true);
  });

  it.each<[string, [number, number][], number, number]>([
    ['no pair', [], 0, 0],
    ['no pair of some products', [], 3, 4],
    ['one pair', [[0, 0]], 1, 1],
    [
      'one product',
      [
        [0, 0],
        [1, 0],
      ],
      3,
      1,
    ],
    [
      'one customer',
      [
        [0, 0],
        [0, 2],
      ],
      1,
      3,
    ],
    [
      'a customer who has everything',
      [
        [0, 0],
        [0, 1],
        [1, 1],
      ],
      2,
      2,
    ],
  ])('is defined for %s', async (_, rows, customers, products) => {
    const model = await bpr.fit(pairs(rows, customers, products), { ...params, factors: 9 }, context);
    const known = new Set(rows.map(([, product]) => product));
    for (const history of [[], Array.from({ length: products }, (_, p) => p)]) {
      const scores = scoresOf(model, history);
      expect(scores.every(Number.isFinite)).toBe(true);
      scores.forEach((value, p) => expect(value !== 0).toBe(known.has(p)));
    }
  });
});
