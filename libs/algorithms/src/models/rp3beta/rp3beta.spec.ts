import { InlineExecutor } from '../../parallel/executor.js';
import { rowsOf, scoresOfRow, trainingSetOfRows } from '../../testing/dense-rows.js';
import { groupedTrainingSet } from '../../testing/grouped-events.js';
import { rp3beta } from './rp3beta.js';
import type { Rp3BetaParams } from './rp3beta-parameters.js';

const context = { seed: 3, executor: new InlineExecutor() };

/** The paper's matrices, in full: scores of every product for each history. */
function reference(graph: number[][], history: number[], params: Rp3BetaParams): number[] {
  const { alpha, beta, valueExponent } = params;
  const a = graph.map((row) => row.map((v) => (v > 0 ? v ** valueExponent : 0)));
  const products = history.map((_, p) => p);
  const baskets = a.map((row) => row.reduce((sum, v) => sum + v, 0));
  const degrees = products.map((p) => a.reduce((sum, row) => sum + row[p], 0));
  const weights = history.map((v) => (v > 0 ? v ** valueExponent : 0));
  const total = weights.reduce((sum, v) => sum + v, 0);
  const step = (i: number, j: number) =>
    a.reduce(
      (sum, row, b) =>
        row[i] > 0 && row[j] > 0
          ? sum + (row[i] / degrees[i]) ** alpha * (row[j] / baskets[b]) ** alpha
          : sum,
      0,
    ) /
    (degrees[j] || 1) ** beta;
  return products.map((j) =>
    products.reduce((sum, i) => (i === j ? sum : sum + (weights[i] / total) ** alpha * step(i, j)), 0),
  );
}

describe('rp3beta', () => {
  const plain = { ...rp3beta.defaults, alpha: 1, beta: 0, rows: 'as-they-are' as const };
  /** Customers 0 and 1 share product 0; product 1 has one customer, product 2 two. */
  const hand = [
    [1, 1, 0],
    [1, 0, 1],
    [0, 0, 1],
  ];

  it('answers a walk worked out by hand', async () => {
    const data = trainingSetOfRows(hand, 3);
    const model = await rp3beta.fit(data, plain, context);
    // From product 0: half the walks to customer 0, of which half end at product 1; the same by customer 1 to product 2.
    expect(scoresOfRow(model, [7, 0, 0])).toEqual([0, 0.25, 0.25]);
    // From product 2: half to customer 1, of which half to product 0.
    expect(scoresOfRow(model, [0, 0, 1])).toEqual([0.25, 0, 0]);
    // Product 2 has two customers, product 1 one: β = 1 halves it.
    const damped = await rp3beta.fit(data, { ...plain, beta: 1 }, context);
    expect(scoresOfRow(damped, [1, 0, 0])).toEqual([0, 0.25, 0.125]);
    // α = 2 squares the three probabilities; the first is 1.
    const squared = await rp3beta.fit(data, { ...plain, alpha: 2 }, context);
    expect(scoresOfRow(squared, [1, 0, 0])).toEqual([0, 0.0625, 0.0625]);
    const normalised = await rp3beta.fit(data, { ...plain, rows: 'sum-to-one' }, context);
    expect(scoresOfRow(normalised, [1, 0, 0])).toEqual([0, 0.5, 0.5]);
  });

  it('agrees with the dense matrices, spending weights included', async () => {
    const data = groupedTrainingSet();
    const graph = rowsOf(data.byCustomer);
    for (const given of [{}, { alpha: 1.3, beta: 0.6, valueExponent: 0.5 }]) {
      const params = { ...rp3beta.defaults, neighbours: 1000, rows: 'as-they-are' as const, ...given };
      const model = await rp3beta.fit(data, params, context);
      const expected = reference(graph, graph[3], params);
      scoresOfRow(model, graph[3]).forEach((score, j) =>
        expect(Math.abs(score - expected[j])).toBeLessThanOrEqual(1e-5 * expected[j]),
      );
    }
  });

  it('walks over orders as over customers, by their weight', async () => {
    const data = groupedTrainingSet();
    const given = { orderWeight: 0.5, valueExponent: 1, alpha: 1, rows: 'as-they-are' as const };
    const params = { ...rp3beta.defaults, neighbours: 1000, ...given };
    const model = await rp3beta.fit(data, params, context);
    const orders = rowsOf(data.orders).map((row) => row.map((value) => 0.5 * value));
    const history = rowsOf(data.byCustomer)[5];
    const expected = reference([...rowsOf(data.byCustomer), ...orders], history, params);
    scoresOfRow(model, history).forEach((score, j) =>
      expect(Math.abs(score - expected[j])).toBeLessThanOrEqual(1e-5 * expected[j]),
    );
  });

  it('keeps the N likeliest ends of each product, then the N likeliest starts; equal ones by lower index', async () => {
    const data = trainingSetOfRows(hand, 3);
    const model = await rp3beta.fit(data, { ...plain, neighbours: 1 }, context);
    // Product 0 keeps 1 (as likely as 2); 1 and 2 both keep 0, which keeps 1: 0.5 against 0.25.
    expect(scoresOfRow(model, [1, 0, 0])).toEqual([0, 0.25, 0]);
    expect(scoresOfRow(model, [0, 1, 0])).toEqual([0.5, 0, 0]);
    expect(scoresOfRow(model, [0, 0, 1])).toEqual([0, 0, 0]);
  });

  it('has defined results for the smallest data', async () => {
    for (const [rows, products] of [
      [[], 0],
      [[], 3],
      [[[0, 0]], 2],
      [[[1]], 1],
      [[[0], [2]], 1],
    ] as [number[][], number][]) {
      for (const normalised of ['as-they-are', 'sum-to-one'] as const) {
        const model = await rp3beta.fit(
          trainingSetOfRows(rows, products),
          { ...plain, rows: normalised },
          context,
        );
        const history = new Array<number>(products).fill(1);
        expect(scoresOfRow(model, history)).toEqual(new Array<number>(products).fill(0));
      }
    }
  });
});
