import { createRandom } from '../../statistics/random.js';
import type { Candidates } from './learn-weights.js';
import { searchWeights, simplexGrid } from './search-weights.js';
import { WeightObjective } from './weight-objective.js';

describe('searchWeights', () => {
  it('covers the simplex by a grid', () => {
    expect(simplexGrid(2, 2)).toEqual([
      [0, 1],
      [0.5, 0.5],
      [1, 0],
    ]);
    expect(simplexGrid(3, 10)).toHaveLength(66);
    expect(simplexGrid(1, 10)).toEqual([[1]]);
  });

  it.each([[[0.62, 0.38]], [[0.15, 0.6, 0.25]], [[0.1, 0.2, 0.3, 0.4]], [[0.05, 0.35, 0.1, 0.2, 0.1, 0.2]]])(
    'comes close to the peak at %j',
    (peak) => {
      const ndcg = (weights: readonly number[]) =>
        -weights.reduce((sum, weight, c) => sum + (weight - peak[c]) ** 2, 0);
      const even = peak.map(() => 1);
      const found = searchWeights({ parts: peak.length, ndcg }, even, 5);
      found.forEach((weight, c) => expect(Math.abs(weight - peak[c])).toBeLessThan(0.06));
      expect(searchWeights({ parts: peak.length, ndcg }, even, 5)).toEqual(found);
    },
  );

  it('keeps the weights given where nothing is better', () => {
    expect(searchWeights({ parts: 2, ndcg: () => 0 }, [3, 1], 1)).toEqual([0.75, 0.25]);
  });
});

describe('WeightObjective', () => {
  it('is the NDCG@10 of plain sorting', () => {
    const random = createRandom(9);
    const sizes = [30, 4, 17];
    const offsets = Int32Array.from([0, 30, 34, 51]);
    const relevant = Uint8Array.from({ length: 51 }, (_, i) => (i % 7 === 0 || i === 31 ? 1 : 0));
    const scores = Float32Array.from({ length: 102 }, () => random.nextFloat());
    const block: Candidates = { offsets, products: new Int32Array(51), relevant, scores };
    const weights = [0.3, 0.7];
    const expected = sizes.map((size, q) => {
      const entries = Array.from({ length: size }, (_, i) => offsets[q] + i);
      const score = (i: number) => 0.3 * scores[2 * i] + 0.7 * scores[2 * i + 1];
      const gains = entries.sort((a, b) => score(b) - score(a)).map((i) => relevant[i]);
      const dcg = (list: number[]) =>
        list.slice(0, 10).reduce((sum, gain, i) => sum + gain / Math.log2(i + 2), 0);
      return dcg(gains) / dcg([...gains].sort((a, b) => b - a));
    });
    const objective = new WeightObjective([block], 2);
    expect(objective.ndcg(weights)).toBeCloseTo((expected[0] + expected[1] + expected[2]) / 3, 12);
  });
});
