import { relevanceChange, type ScoredList } from './relevance-change.js';

/** Products 0 and 1 with what the model says, and what a step makes of it: the step must not count. */
const list = (products: number[], scores: number[]): ScoredList => ({
  products,
  breakdown: new Map(
    scores.map((score, product) => [
      product,
      [
        { step: 'group', score: score / 2 },
        { step: 'model', score },
        { step: 'upsell', score: 9 * score, factor: 9 },
        { step: 'diversity', score: 7 },
      ] as never,
    ]),
  ),
});

test('the mean share of relevance that is lost, with its interval', () => {
  // Half of the customers lose a quarter (4 + 4 become 4 + 2), half lose nothing: mean -0.125, variance 6 × 0.125² × 2 / 11.
  const before = Array.from({ length: 12 }, () => list([0, 1], [4, 4, 2]));
  const after = before.map((_, i) => (i % 2 === 0 ? list([0, 2], [4, 4, 2]) : list([1, 0], [4, 4, 2])));
  const half = 1.96 * Math.sqrt((12 * 0.125 ** 2) / 11 / 12);
  const { change, low, high, customers } = relevanceChange(before, after)!;
  expect([change, customers]).toEqual([-0.125, 12]);
  expect(low).toBeCloseTo(-0.125 - half, 12);
  expect(high).toBeCloseTo(-0.125 + half, 12);
});

test('few customers, or lists without any relevance, say nothing', () => {
  const some = Array.from({ length: 9 }, () => list([0], [1]));
  expect(relevanceChange(some, some)).toBeNull();
  const none = Array.from({ length: 20 }, () => list([0], [0]));
  expect(relevanceChange(none, none)).toBeNull();
});
