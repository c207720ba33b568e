import { InlineExecutor } from '../parallel/executor.js';
import type { Csr } from '../dataset/csr.js';
import { emptyCsr, transpose } from '../dataset/csr.js';
import type { TrainingSet } from '../dataset/training-set.js';
import { algorithms } from './registry.js';
import { groupedTrainingSet } from '../testing/grouped-events.js';

const context = { seed: 3, executor: new InlineExecutor() };

function csrOf(dense: number[][], columns: number): Csr {
  const rows = dense.map((row) => row.flatMap((value, c) => (value > 0 ? [{ c, value }] : [])));
  const offsets = Int32Array.from([0, ...rows.map((_, r) => rows.slice(0, r + 1).flat().length)]);
  const entries = rows.flat();
  const indices = Int32Array.from(entries, ({ c }) => c);
  return {
    rows: dense.length,
    columns,
    offsets,
    indices,
    values: Float32Array.from(entries, ({ value }) => value),
  };
}

function denseOf(matrix: Csr): number[][] {
  const dense = Array.from({ length: matrix.rows }, () => new Array<number>(matrix.columns).fill(0));
  dense.forEach((row, r) => {
    for (let e = matrix.offsets[r]; e < matrix.offsets[r + 1]; e++) row[matrix.indices[e]] = matrix.values[e];
  });
  return dense;
}

function trainingSetOf(histories: number[][], orders: number[][], products: number): TrainingSet {
  const byCustomer = csrOf(histories, products);
  const byProduct = transpose(byCustomer);
  const popularity = Float32Array.from({ length: products }, (_, p) =>
    histories.reduce((sum, row) => sum + row[p], 0),
  );
  const customerCountOfProduct = Int32Array.from(
    popularity,
    (_, p) => byProduct.offsets[p + 1] - byProduct.offsets[p],
  );
  return {
    customerCount: histories.length,
    productCount: products,
    byCustomer,
    byProduct,
    orders: orders.length > 0 ? csrOf(orders, products) : emptyCsr(0, products),
    popularity,
    customerCountOfProduct,
  };
}

function score(
  model: {
    productCount: number;
    createScorer(): { scoreInto: (o: Float32Array, p: Int32Array, v: Float32Array) => void };
  },
  history: number[],
) {
  const products = history.flatMap((value, p) => (value > 0 ? [p] : []));
  const out = new Float32Array(model.productCount);
  model.createScorer().scoreInto(
    out,
    Int32Array.from(products),
    Float32Array.from(products, (p) => history[p]),
  );
  return [...out];
}

/** Gaussian elimination with partial pivoting: slow and plain on purpose. */
function solve(matrix: number[][], right: number[]): number[] {
  const a = matrix.map((row, i) => [...row, right[i]]);
  for (let k = 0; k < a.length; k++) {
    const pivot = a
      .slice(k)
      .reduce((best, row, i) => (Math.abs(row[k]) > Math.abs(a[best][k]) ? k + i : best), k);
    [a[k], a[pivot]] = [a[pivot], a[k]];
    for (let i = 0; i < a.length; i++) {
      if (i === k) continue;
      const m = a[i][k] / a[k][k];
      for (let j = k; j <= a.length; j++) a[i][j] -= m * a[k][j];
    }
  }
  return a.map((row, i) => row[a.length] / row[i]);
}

describe('item-cf against a dense reference', () => {
  it('answers a case worked out by hand', async () => {
    // Products 0 and 1 share one of two baskets each: cosine 1/2. Product 2 was bought alone.
    const data = trainingSetOf(
      [
        [1, 1, 0],
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ],
      [],
      3,
    );
    const params = {
      ...algorithms['item-cf'].defaults,
      shrinkage: 0,
      valueExponent: 1,
      rowLengthExponent: 0,
    };
    const model = await algorithms['item-cf'].fit(data, params, context);
    expect(score(model, [2, 0, 0])).toEqual([0, 1, 0]);
    const shrunk = await algorithms['item-cf'].fit(data, { ...params, shrinkage: 2 }, context);
    expect(score(shrunk, [2, 0, 0])).toEqual([0, 0.5, 0]);
  });

  it('agrees on a world of customers and orders', async () => {
    const data = groupedTrainingSet();
    const params = { ...algorithms['item-cf'].defaults, neighbours: 1000, orderWeight: 0.5 };
    const model = await algorithms['item-cf'].fit(data, params, context);
    const scale = (rows: number[][], weight: number) =>
      rows.map((row) => {
        const length = row.filter((v) => v > 0).length;
        return row.map((v) =>
          v > 0 ? (weight * v ** params.valueExponent) / length ** params.rowLengthExponent : 0,
        );
      });
    const x = [...scale(denseOf(data.byCustomer), 1), ...scale(denseOf(data.orders), Math.sqrt(0.5))];
    const dot = (i: number, j: number) => x.reduce((sum, row) => sum + row[i] * row[j], 0);
    const history = denseOf(data.byCustomer)[3];
    const expected = history.map((_, j) =>
      history.reduce((sum, v, i) => {
        const similarity = dot(i, j) / (Math.sqrt(dot(i, i) * dot(j, j)) + params.shrinkage);
        return i === j || v === 0 ? sum : sum + v ** params.valueExponent * similarity;
      }, 0),
    );
    score(model, history).forEach((value, j) => expect(value).toBeCloseTo(expected[j], 5));
  });
});

describe('ials', () => {
  it('folds a customer in as the dense normal equations do', async () => {
    const data = groupedTrainingSet();
    const params = {
      ...algorithms.ials.defaults,
      factors: 5,
      sweeps: 3,
      unobservedWeight: 0.2,
      confidenceScale: 2,
    };
    const model = await algorithms.ials.fit(data, params, context);
    const history = denseOf(data.byCustomer)[2];
    const vectors = Reflect.get(model, 'vectors') as Float32Array;
    const y = history.map((_, p) => [...vectors.subarray(p * 8, p * 8 + 5)]);
    const observed = history.filter((v) => v > 0).length;
    const ridge = params.regularisation * (observed + 0.2 * data.productCount) ** params.frequencyExponent;
    const weight = (p: number) => (history[p] > 0 ? 1 + 2 * history[p] : 0);
    const matrix = y[0].map((_, i) =>
      y[0].map(
        (__, j) => (i === j ? ridge : 0) + y.reduce((sum, v, p) => sum + (0.2 + weight(p)) * v[i] * v[j], 0),
      ),
    );
    const right = y[0].map((_, i) => y.reduce((sum, v, p) => sum + weight(p) * v[i], 0));
    const x = solve(matrix, right);
    const expected = y.map((v) => v.reduce((sum, value, i) => sum + value * x[i], 0));
    score(model, history).forEach((value, p) => expect(value).toBeCloseTo(expected[p], 4));
  });

  it('says nothing where regularisation has left nothing, instead of crawling through subnormal numbers', async () => {
    const params = { ...algorithms.ials.defaults, regularisation: 10, unobservedWeight: 10, sweeps: 40 };
    const model = await algorithms.ials.fit(groupedTrainingSet(), params, context);
    expect(new Set(score(model, new Array<number>(40).fill(1)))).toEqual(new Set([0]));
  });

  it('ranks the products of a customer’s own group first', async () => {
    const model = await algorithms.ials.fit(
      groupedTrainingSet(),
      { ...algorithms.ials.defaults, factors: 8 },
      context,
    );
    const scores = score(
      model,
      Array.from({ length: 40 }, (_, p) => (p === 1 || p === 5 || p === 9 ? 1 : 0)),
    );
    const best = [...scores.keys()].sort((a, b) => scores[b] - scores[a]).slice(0, 8);
    expect(best.filter((p) => p % 4 === 1).length).toBeGreaterThanOrEqual(7);
  });
});
