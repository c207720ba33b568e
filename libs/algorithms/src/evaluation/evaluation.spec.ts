import fc from 'fast-check';
import type { Csr } from '../dataset/csr.js';
import { TopSelector } from '../kernels/top-selector.js';
import { algorithms } from '../models/registry.js';
import { InlineExecutor } from '../parallel/executor.js';
import { applyCalibration, fitCalibration } from './calibration.js';
import type { PerCustomer } from './evaluate-model.js';
import { evaluateModel } from './evaluate-model.js';
import { pairedBootstrap } from './paired-bootstrap.js';
import {
  averagePrecisionAt,
  gradedNdcgAt,
  hitAt,
  ndcgAt,
  precisionAt,
  recallAt,
  reciprocalRankAt,
} from './ranking-metrics.js';

const executor = new InlineExecutor();

describe('ranking metrics', () => {
  it('answer a list worked out by hand', () => {
    const gains = [0, 2, 0, 1];
    expect(precisionAt(gains, 5)).toBe(0.4);
    expect(recallAt(gains, 3, 4)).toBe(0.25);
    expect([hitAt(gains, 1), hitAt(gains, 2)]).toEqual([0, 1]);
    expect([reciprocalRankAt(gains, 1), reciprocalRankAt(gains, 5)]).toEqual([0, 0.5]);
    expect(averagePrecisionAt(gains, 5, 2)).toBe((1 / 2 + 2 / 4) / 2);
    expect(ndcgAt(gains, 5, 2)).toBeCloseTo(
      (1 / Math.log2(3) + 1 / Math.log2(5)) / (1 + 1 / Math.log2(3)),
      12,
    );
    expect(gradedNdcgAt(gains, 5, [2, 1])).toBeCloseTo(
      (2 / Math.log2(3) + 1 / Math.log2(5)) / (2 + 1 / Math.log2(3)),
      12,
    );
  });

  it('are 1 for a perfect list and 0 for a list without hits', () => {
    expect(ndcgAt([1, 1, 0], 10, 2)).toBe(1);
    expect(averagePrecisionAt([1, 1], 1, 5)).toBe(1);
    expect(ndcgAt([0, 0], 10, 2) + averagePrecisionAt([], 10, 2)).toBe(0);
  });
});

describe('TopSelector', () => {
  it('agrees with sorting, ties by lower index, whatever the order offered', () => {
    const pairs = fc.uniqueArray(fc.record({ index: fc.nat(50), score: fc.integer({ min: -3, max: 3 }) }), {
      selector: (p) => p.index,
    });
    fc.assert(
      fc.property(pairs, fc.integer({ min: 1, max: 12 }), (offered, k) => {
        const selector = new TopSelector(k);
        for (const { score, index } of offered) selector.offer(score, index);
        const indices = new Int32Array(k);
        const kept = selector.drainInto(indices, new Float32Array(k), 0);
        const expected = [...offered].sort((a, b) => b.score - a.score || a.index - b.index).slice(0, k);
        expect([...indices.subarray(0, kept)]).toEqual(expected.map((p) => p.index));
      }),
    );
  });
});

describe('fitCalibration', () => {
  it('is monotone, finite and no worse than the mean', () => {
    const point = fc.record({
      score: fc.double({ min: -5, max: 5, noNaN: true }),
      target: fc.double({ min: 0, max: 2, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(point, { minLength: 1, maxLength: 400 }), (points) => {
        const calibration = fitCalibration(
          Float64Array.from(points, (p) => p.score),
          Float64Array.from(points, (p) => p.target),
        );
        const values = [-9, ...points.map((p) => p.score).sort((a, b) => a - b), 9].map((s) =>
          applyCalibration(calibration, s),
        );
        for (let i = 1; i < values.length; i++)
          expect(values[i]).toBeGreaterThanOrEqual(values[i - 1] - 1e-9);
        expect(values.every(Number.isFinite)).toBe(true);
        expect(JSON.parse(JSON.stringify(calibration))).toEqual(calibration);
      }),
      { numRuns: 60 },
    );
  });

  it('recovers a step with enough points and a line with few', () => {
    const scores = Float64Array.from({ length: 1000 }, (_, i) => i);
    const step = fitCalibration(
      scores,
      scores.map((s) => (s < 500 ? 0 : 1)),
    );
    expect(step.kind).toBe('isotonic');
    expect([applyCalibration(step, 200), applyCalibration(step, 800), applyCalibration(step, NaN)]).toEqual([
      0, 1, 0,
    ]);
    const line = fitCalibration(Float64Array.of(0, 1, 2), Float64Array.of(1, 3, 5));
    expect(line.kind).toBe('affine');
    expect(applyCalibration(line, 1.5)).toBeCloseTo(4, 12);
  });
});

describe('evaluateModel', () => {
  // Three customers, five products; the champion knows products 4, 2 and 0 (in this order) and one that is gone.
  const histories: Csr = {
    rows: 3,
    columns: 5,
    offsets: Int32Array.of(0, 1, 1, 2),
    indices: Int32Array.of(4, 2),
    values: Float32Array.of(1, 1),
  };
  const productMap = Int32Array.of(4, 2, -1, 0);
  const popularity = Float32Array.of(9, 8, 7, 6);
  const targets = {
    customer: Int32Array.of(0, 0, 1, 2),
    product: Int32Array.of(2, 3, 0, 2),
    strength: Float32Array.of(1, 2, 1, 1),
  };
  const negatives = { customer: Int32Array.of(1), product: Int32Array.of(1), strength: Float32Array.of(0) };
  const calibration = { kind: 'affine' as const, scores: [6, 9], values: [0, 3] };
  const allowed = new Uint8Array(5).fill(1);

  it('answers a case worked out by hand, with a product map and an unknown product', async () => {
    const empty = histories;
    const data = {
      customerCount: 0,
      productCount: 4,
      byCustomer: empty,
      byProduct: empty,
      orders: empty,
      popularity,
      customerCountOfProduct: new Int32Array(4),
    };
    const fitted = await algorithms.popularity.fit(data, algorithms.popularity.defaults, {
      seed: 0,
      executor,
    });
    const request = {
      model: fitted.serialize(),
      histories,
      targets,
      negatives,
      productMap,
      calibration,
      allowed,
      excluded: histories,
      executor,
    };
    const result = await evaluateModel({ ...request, segmentOfCustomer: Uint8Array.of(0, 1, 1) });
    // Errors: 2→8→2-1=1; 3 unknown→0-2=-2; 0→6→0-1=-1; 1 unknown→0; 2→2-1=1. Lists: c0 [2,0], c1 [4,2,0].
    expect(result.metrics.rmse).toBeCloseTo(Math.sqrt((1 + 4 + 1 + 0 + 1) / 5), 12);
    expect(result.metrics.mae).toBeCloseTo(1, 12);
    expect([result.rows, result.queries]).toEqual([5, 2]);
    const first = 1 / (1 + 1 / Math.log2(3));
    expect(result.metrics['ndcg@10']).toBeCloseTo((first + 0.5) / 2, 12);
    expect(result.metrics['mrr@5']).toBeCloseTo((1 + 1 / 3) / 2, 12);
    expect(result.metrics['coverage@10']).toBe(3 / 5);
    expect([...result.recommendedProducts]).toEqual([2, 0, 2, 0, 1]);
    expect([...result.perCustomer.ndcg10]).toEqual([expect.closeTo(first, 12), 0.5, NaN]);
    expect(result.bySegment[1].queries).toBe(1);
    expect(result.bySegment[0].metrics['recall@5']).toBe(0.5);
    const all = await evaluateModel({ ...request, excluded: undefined });
    expect([all.queries, all.metrics.rmse]).toEqual([3, result.metrics.rmse]);
  });
});

describe('pairedBootstrap', () => {
  const n = 400;
  const scored = (error: (q: number) => number, ndcg: (q: number) => number): PerCustomer => ({
    customer: Int32Array.from({ length: n }, (_, q) => q),
    squaredErrorSum: Float64Array.from({ length: n }, (_, q) => error(q)),
    absoluteErrorSum: new Float64Array(n),
    rows: new Int32Array(n).fill(4),
    ndcg10: Float64Array.from({ length: n }, (_, q) => ndcg(q)),
  });
  const base = scored(
    (q) => 4 + (q % 7),
    (q) => (q % 5) / 5,
  );
  const options = { resamples: 1000, seed: 9, confidence: 0.95, executor };

  it('finds no difference of a model from itself', async () => {
    const { rmse, ndcg10 } = await pairedBootstrap(base, base, options);
    expect([rmse, ndcg10]).toEqual([
      { difference: 0, low: 0, high: 0 },
      { difference: 0, low: 0, high: 0 },
    ]);
  });

  it('gives the standard error that theory gives, the same twice, and signs as documented', async () => {
    const better = scored(
      (q) => 4 + (q % 7) - 1,
      (q) => (q % 5) / 5 + (q % 2) * 0.1,
    );
    const result = await pairedBootstrap(base, better, options);
    expect(await pairedBootstrap(base, better, options)).toEqual(result);
    expect(result.rmse.high).toBeLessThan(0);
    // Differences are 0 or 0.1 with equal shares: standard error 0.05 / √400.
    expect(result.ndcg10.difference).toBeCloseTo(0.05, 10);
    expect(result.ndcg10.high - result.ndcg10.low).toBeCloseTo((2 * 1.96 * 0.05) / Math.sqrt(n), 3);
  });

  it('refuses models scored on different rows', async () => {
    const other = { ...base, rows: new Int32Array(n).fill(3) };
    await expect(pairedBootstrap(base, other, options)).rejects.toMatchObject({ code: 'SHAPE_MISMATCH' });
  });
});
