import { pairsOf } from '../dataset/pair-targets.js';
import { trainingSetOfPairs } from '../dataset/training-set-of-pairs.js';
import { popularity } from '../models/popularity/popularity.js';
import { InlineExecutor } from '../parallel/executor.js';
import { bootstrapMeans, sumByCustomer } from './bootstrap-means.js';
import { evaluateLists } from './evaluate-lists.js';
import { evaluatePredictions, scaleOf } from './evaluate-predictions.js';
import { evaluateRanks } from './evaluate-ranks.js';
import { parseMetric } from './metric.js';
import { summariseBySegment, summariseQueries } from './query-values.js';
import { rankCandidates } from './rank-candidates.js';

const executor = new InlineExecutor();
const setOf = (customerCount: number, productCount: number, rows: number[][]) =>
  trainingSetOfPairs({
    customerCount,
    productCount,
    customers: Int32Array.from(rows, ([customer]) => customer),
    products: Int32Array.from(rows, ([, product]) => product),
    values: Float32Array.from(rows, ([, , value = 1]) => value),
  });

// Popularity 4, 3, 2, 2, 0: the order is 0, 1, 2, 3 (2 before 3 by index); 4 is unknown.
const training = setOf(5, 5, [
  ...[0, 1, 2, 3].map((customer) => [customer, 0]),
  ...[0, 1, 2].map((customer) => [customer, 1]),
  ...[0, 1].map((customer) => [customer, 2]),
  ...[1, 2].map((customer) => [customer, 3]),
]);
const fit = (set = training) => popularity.fit(set, popularity.defaults, { seed: 1, executor });

describe('metric names', () => {
  it('say what is measured and how far down', () => {
    expect(parseMetric('ndcg@20')).toEqual({ name: 'ndcg@20', kind: 'ndcg', k: 20 });
    expect(parseMetric('hit@5').kind).toBe('hr');
    expect(parseMetric('rmse').k).toBe(0);
  });

  it.each(['ndgc@10', 'ndcg', 'ndcg@0', 'ndcg@1001', 'rmse@10', 'constructor@1', '', '@10', 'hr@1.5'])(
    'refuse %s',
    (name) => {
      expect(() => parseMetric(name)).toThrow(
        expect.objectContaining({ code: 'PARAMETER_INVALID', field: 'metrics' }),
      );
    },
  );
});

describe('too long a list', () => {
  it.each(['recall@20000', 'ndcg@99999999999999999999999'])('is what %s is refused for', (name) => {
    expect(() => parseMetric(name)).toThrow(/needs a length from 1 to 1000/);
  });
});

describe('full ranking', () => {
  // Customer 0 (has 0, 1, 2) gets 3. Customer 3 (has 0) gets 1, 2, 3. Customer 4 gets 0, 1, 2, 3.
  const test = setOf(5, 5, [
    [0, 3],
    [0, 4],
    [1, 0],
    [3, 2],
    [4, 1],
    [4, 3],
  ]).byCustomer;
  const names = ['hr@2', 'precision@2', 'recall@2', 'ndcg@2', 'map@2', 'mrr@2', 'coverage@2', 'novelty@1'];
  const metrics = names.map(parseMetric);

  it('is worked out by hand', async () => {
    const result = await evaluateLists({ model: await fit(), training, test, metrics, executor });
    // What customer 1 should find they have already: no query.
    expect([...result.customer]).toEqual([0, 3, 4]);
    const value = (name: string) => [...(result.values.get(name) ?? [])];
    const second = 1 / Math.log2(3);
    expect(value('hr@2')).toEqual([1, 1, 1]);
    expect(value('precision@2')).toEqual([1 / 2, 1 / 2, 1 / 2]);
    expect(value('recall@2')).toEqual([1 / 2, 1, 1 / 2]);
    expect(value('ndcg@2')).toEqual([1 / (1 + second), second, second / (1 + second)]);
    expect(value('map@2')).toEqual([1 / 2, 1 / 2, 1 / 4]);
    expect(value('mrr@2')).toEqual([1, 1 / 2, 1 / 2]);
    // Listed first: 3 (two of five customers), 1 (three of five), 0 (four of five).
    expect(value('novelty@1')).toEqual([-Math.log2(2 / 5), -Math.log2(3 / 5), -Math.log2(4 / 5)]);
    expect(summariseQueries(result)).toMatchObject({ 'recall@2': 2 / 3, 'coverage@2': 4 / 5 });
  });

  it('ranks only what is allowed, and asks for nothing else', async () => {
    const allowed = Uint8Array.of(1, 1, 1, 0, 1);
    const result = await evaluateLists({ model: await fit(), training, test, metrics, allowed, executor });
    // Product 4, which the model does not know, can still be asked for.
    expect([...result.customer]).toEqual([0, 3, 4]);
    expect([...(result.values.get('hr@2') ?? [])]).toEqual([0, 1, 1]);
  });

  it('has no average without a query', async () => {
    const nothing = setOf(5, 5, []).byCustomer;
    const result = await evaluateLists({ model: await fit(), training, test: nothing, metrics, executor });
    expect(summariseQueries(result)['hr@2']).toBeNaN();
  });

  it('averages by segment', async () => {
    const result = await evaluateLists({ model: await fit(), training, test, metrics, executor });
    const bySegment = summariseBySegment(result, [7, 7, 7, 7, 8]);
    expect(bySegment[7]).toMatchObject({ queries: 2, metrics: { 'recall@2': 3 / 4 } });
    expect(bySegment[8]).toMatchObject({ queries: 1, metrics: { 'recall@2': 1 / 2 } });
  });

  it('refuses a test part of another shape and metrics of values', async () => {
    const model = await fit();
    const other = setOf(4, 5, []).byCustomer;
    await expect(evaluateLists({ model, training, test: other, metrics, executor })).rejects.toMatchObject({
      code: 'SHAPE_MISMATCH',
    });
    await expect(
      evaluateLists({ model, training, test, metrics: [parseMetric('rmse')], executor }),
    ).rejects.toMatchObject({ field: 'metrics' });
  });
});

describe('sampled ranking', () => {
  const queriesOf = (rows: { customer: number; positive: number; candidates: number[] }[]) => {
    const offsets = new Int32Array(rows.length + 1);
    rows.forEach(({ candidates }, q) => (offsets[q + 1] = offsets[q] + candidates.length));
    return {
      customer: Int32Array.from(rows, ({ customer }) => customer),
      positive: Int32Array.from(rows, ({ positive }) => positive),
      candidates: { offsets, products: Int32Array.from(rows.flatMap(({ candidates }) => candidates)) },
    };
  };

  it('counts ties against the positive, a product once, and the unknown last', async () => {
    const queries = queriesOf([
      { customer: 0, positive: 1, candidates: [0, 2, 3] },
      { customer: 0, positive: 2, candidates: [1, 3, 4] },
      { customer: 3, positive: 3, candidates: [3, 3, 4] },
      { customer: 3, positive: 2, candidates: [3, 3, 2] },
      { customer: 4, positive: 4, candidates: [0] },
      { customer: 4, positive: 0, candidates: [] },
    ]);
    const ranks = await rankCandidates(await fit(), training.byCustomer, queries, executor);
    expect([...ranks]).toEqual([2, 3, 1, 2, 2, 1]);
  });

  it('takes every product that the customer does not have when nothing is named', async () => {
    const queries = { customer: Int32Array.of(0, 3, 3), positive: Int32Array.of(3, 3, 1) };
    const ranks = await rankCandidates(await fit(), training.byCustomer, queries, executor);
    // Customer 0 is left with 3 and 4. Customer 3 with 1, then 2 and 3 alike, then 4.
    expect([...ranks]).toEqual([1, 3, 1]);
  });

  it('turns ranks into metrics by hand', () => {
    const metrics = ['hr@3', 'ndcg@3', 'mrr@3', 'map@3', 'precision@3', 'recall@1'].map(parseMetric);
    const result = evaluateRanks(Int32Array.of(0, 1, 2), Int32Array.of(1, 3, 4), metrics);
    const summary = summariseQueries(result);
    expect(summary['hr@3']).toBeCloseTo(2 / 3, 12);
    expect(summary['ndcg@3']).toBeCloseTo((1 + 1 / 2) / 3, 12);
    expect(summary['mrr@3']).toBeCloseTo((1 + 1 / 3) / 3, 12);
    expect(summary['map@3']).toBe(summary['mrr@3']);
    expect(summary['precision@3']).toBeCloseTo(2 / 9, 12);
    expect(summary['recall@1']).toBeCloseTo(1 / 3, 12);
    expect(() => evaluateRanks(Int32Array.of(0), Int32Array.of(1), [parseMetric('gini@3')])).toThrow(
      expect.objectContaining({ field: 'metrics' }),
    );
  });

  it.each([
    ['customer', { customer: Int32Array.of(9), positive: Int32Array.of(0) }],
    ['positive', { customer: Int32Array.of(0), positive: Int32Array.of(5) }],
    ['queries', { customer: Int32Array.of(1, 0), positive: Int32Array.of(0, 0) }],
    ['positive', { customer: Int32Array.of(1), positive: Int32Array.of(0, 0) }],
  ])('refuses a bad %s', async (field, queries) => {
    await expect(rankCandidates(await fit(), training.byCustomer, queries, executor)).rejects.toMatchObject({
      field,
    });
  });
});

describe('predicted values', () => {
  it('are kept within the scale of training, and the mean where nothing is known', async () => {
    const ratings = setOf(2, 3, [
      [0, 0, 2],
      [1, 0, 4],
      [1, 1, 1],
    ]);
    const model = await fit(ratings);
    const test = pairsOf(
      setOf(2, 3, [
        [0, 2, 3],
        [1, 2, 1],
      ]).byCustomer,
    );
    const scale = scaleOf(ratings.byCustomer);
    expect(scale).toEqual({ mean: 7 / 3, low: 1, high: 4 });
    const errors = await evaluatePredictions(model, ratings.byCustomer, test, scale, executor);
    // Nobody has product 2: the score is 0, the prediction the mean.
    expect([...errors.absolute].map((e) => Math.round(e * 1e6))).toEqual([666667, 1333333]);
    expect(errors.squared[0]).toBeCloseTo(4 / 9, 10);
    const calibration = { kind: 'affine' as const, scores: [0, 1], values: [9, 9] };
    const clipped = await evaluatePredictions(
      model,
      ratings.byCustomer,
      test,
      { ...scale, calibration },
      executor,
    );
    expect([...clipped.absolute]).toEqual([1, 3]);
  });
});

describe('bootstrap of means', () => {
  it('draws customers, and has the width that theory gives', async () => {
    const n = 400;
    const customer = Int32Array.from({ length: 2 * n }, (_, i) => i >> 1);
    // Both values of a customer are the same: the error is that of n values, not of 2 n.
    const values = Float64Array.from(customer, (c) => c % 2);
    const column = sumByCustomer(customer, values);
    expect(column.sums).toHaveLength(n);
    const options = { resamples: 1000, seed: 3, confidence: 0.95, executor };
    const [interval] = await bootstrapMeans([column], options);
    expect(interval.high - interval.low).toBeCloseTo((2 * 1.96 * 0.5) / Math.sqrt(n), 2);
    expect(await bootstrapMeans([column], options)).toEqual([interval]);
  });

  it('leaves out what is no value, and has no interval for nothing', async () => {
    const column = sumByCustomer(Int32Array.of(0, 0, 3), Float64Array.of(1, NaN, NaN));
    expect([[...column.sums], [...column.counts]]).toEqual([
      [1, 0],
      [1, 0],
    ]);
    const options = { resamples: 100, seed: 3, confidence: 0.95, executor };
    const nothing = sumByCustomer(new Int32Array(0), new Float64Array(0));
    expect(await bootstrapMeans([nothing], options)).toEqual([{ low: NaN, high: NaN }]);
  });
});
