import { ELASTICITY_CLASSES } from '#libs/algorithms';
import { completeReranking } from '#libs/domain';
import type { Ranking } from '../ranking.js';
import { diversity } from './diversity.js';
import { exposureCaps } from './exposure-caps.js';
import { margin } from './margin.js';
import { maximumPriceRatio } from './maximum-price-ratio.js';
import { popularityDebiasing } from './popularity-debiasing.js';
import { priceBoost } from './price-boost.js';
import { priceSensitivity } from './price-sensitivity.js';
import { privateLabel } from './private-label.js';
import { promotion } from './promotion.js';
import { repurchaseCycle } from './repurchase-cycle.js';
import { serendipity } from './serendipity.js';
import { spendingSegment } from './spending-segment.js';
import { upsell } from './upsell.js';

const { steps } = completeReranking();
const classOf = (name: (typeof ELASTICITY_CLASSES)[number]) => ELASTICITY_CLASSES.indexOf(name);

function rankingOf(...scores: number[]): Ranking {
  return {
    count: scores.length,
    products: Int32Array.from(scores, (_, i) => i),
    scores: Float64Array.from(scores),
    origins: Int32Array.from(scores, (_, i) => i),
  };
}
const productsOf = ({ products, count }: Ranking) => [...products.subarray(0, count)];
const scoresOf = ({ scores, count }: Ranking) => [...scores.subarray(0, count)];

test.each([
  [3, 10, 0, 'hidden within half of the cycle'],
  [5, 10, 1, 'shown again from half of it'],
  [9, 10, 1.15, 'due from nine tenths'],
  [20, 10, 1.15, 'due until twice the cycle'],
  [21, 10, 1, 'a habit that has ended'],
  [NaN, 10, 1, 'never bought'],
  [3, NaN, 1, 'no known cycle'],
])('repurchase cycle: %d days of %d give %d: %s', (elapsed, cycle, factor) => {
  expect(repurchaseCycle(elapsed, cycle, steps.repurchaseCycle)).toBeCloseTo(factor, 12);
});

test.each([
  [2, 1],
  [2.01, 0],
  [NaN, 1],
])('maximum price ratio: %d gives %d', (ratio, factor) => {
  expect(maximumPriceRatio(ratio, steps.maximumPriceRatio)).toBe(factor);
});

test.each([
  [1.5, 'neutral', 1],
  [3, 'neutral', 0.5],
  [3, 'unknown', 0.5],
  [3, 'sensitive', 0.5 ** 1.5],
  [3, 'insensitive', 0.5 ** 0.5],
  [NaN, 'neutral', 1],
] as const)('price sensitivity: %d times the mean price, %s: %d', (ratio, elasticity, factor) => {
  expect(priceSensitivity(ratio, classOf(elasticity), steps.priceSensitivity)).toBeCloseTo(factor, 12);
});

test.each([
  [1, 1],
  [0, 0.8],
  [1.5, 1.1],
  [7, 1.2],
  [NaN, 1],
])('spending segment: a lift of %d gives %d', (lift, factor) => {
  expect(spendingSegment(lift, steps.spendingSegment)).toBeCloseTo(factor, 12);
});

test.each([
  [1, 1],
  [1.5, 1.05],
  [2, 1.1],
  [2.1, 1],
  [0.5, 1],
  [NaN, 1],
])('upsell: %d times the mean price gives %d', (ratio, factor) => {
  expect(upsell(ratio, steps.upsell)).toBeCloseTo(factor, 12);
});

test.each([
  [0, 0.8],
  [0.5, 1],
  [1, 1.2],
  [NaN, 1],
])('price boost: the place %d in the catalogue gives %d', (percentile, factor) => {
  expect(priceBoost(percentile, steps.priceBoost)).toBeCloseTo(factor, 12);
});

test.each([
  [0.5, 0.3, 1.1],
  [0.1, 0.3, 0.9],
  [NaN, 0.3, 1],
])('margin: %d where the mean is %d gives %d', (own, mean, factor) => {
  expect(margin(own, mean, steps.margin)).toBeCloseTo(factor, 12);
});

test('private label, promotion and serendipity', () => {
  expect([privateLabel(true, steps.privateLabel), privateLabel(false, steps.privateLabel)]).toEqual([1.1, 1]);
  expect(promotion(0.2, steps.promotion)).toBeCloseTo(1.1, 12);
  expect(promotion(NaN, steps.promotion)).toBe(1);
  expect(serendipity(0, steps.serendipity)).toBeCloseTo(1.1, 12);
  expect(serendipity(0.5, steps.serendipity)).toBeCloseTo(1.05, 12);
  expect(serendipity(NaN, steps.serendipity)).toBe(1);
});

test('popularity debiasing: a middling product stays, one with four times its buyers loses', () => {
  const half = { enabled: true, exponent: 0.5 };
  expect(popularityDebiasing(9, 9, half)).toBe(1);
  expect(popularityDebiasing(39, 9, half)).toBeCloseTo(0.5, 12);
});

describe('diversity', () => {
  // Products 0, 1 and 2 are alike, 3 is not.
  const alike = (a: number, b: number) => (a < 3 && b < 3 ? 1 : 0);

  test('the third best comes second where the second is like the first', () => {
    const ranking = rankingOf(1, 0.9, 0.8, 0.7);
    // Second place: 0.5·0.9 − 0.5·1 = −0.05 and 0.5·0.8 − 0.5·1 = −0.1 against 0.5·0.7 − 0 = 0.35.
    diversity(ranking, 4, alike, { weight: 0.5 });
    expect(productsOf(ranking)).toEqual([0, 3, 1, 2]);
    scoresOf(ranking).forEach((score, i) => expect(score).toBeCloseTo([0.5, 0.35, -0.05, -0.1][i], 12));
  });

  test('without weight the order stays', () => {
    const ranking = rankingOf(1, 0.9, 0.8);
    diversity(ranking, 2, alike, { weight: 0 });
    expect(productsOf(ranking)).toEqual([0, 1, 2]);
  });

  test('behind its places the rest follows, with scores that do not rise', () => {
    const ranking = rankingOf(1, 0.9, 0.8, 0.7);
    diversity(ranking, 2, alike, { weight: 0.5 });
    expect(productsOf(ranking)).toEqual([0, 3, 1, 2]);
    expect(scoresOf(ranking)).toEqual([0.5, 0.35, 0.35, 0.35]);
  });
});

describe('exposure caps', () => {
  const caps = { enabled: true, perCategory: 1, places: 2, listShare: 0.5 };
  const categories = Int32Array.of(7, 7, 8, -1);

  test('the second of a category waits behind the first places', () => {
    const ranking = rankingOf(4, 3, 2, 1);
    exposureCaps(ranking, categories, caps);
    expect(productsOf(ranking)).toEqual([0, 2, 1, 3]);
    expect(scoresOf(ranking)).toEqual([4, 2, 2, 1]);
  });

  test('products without a category are not one', () => {
    const ranking = rankingOf(4, 3);
    exposureCaps(ranking, Int32Array.of(-1, -1), caps);
    expect(productsOf(ranking)).toEqual([0, 1]);
  });

  test('a product heads no more than its share of the lists', () => {
    const exposure = { lists: 0, ofProduct: new Int32Array(4) };
    const wide = { ...caps, perCategory: 4, places: 1 };
    const firsts = [1, 2, 3, 4].map(() => {
      const ranking = rankingOf(4, 3, 2);
      exposureCaps(ranking, categories, wide, exposure);
      return ranking.products[0];
    });
    // Half of n + 1 lists, rounded up: 1 of 1, 1 of 2, 2 of 3, 2 of 4.
    expect(firsts).toEqual([0, 1, 0, 1]);
  });

  test('where too little is left, the rule gives way and nothing is lost', () => {
    const ranking = rankingOf(3, 2, 1);
    exposureCaps(ranking, Int32Array.of(1, 1, 1), { ...caps, places: 3 });
    expect(productsOf(ranking)).toEqual([0, 1, 2]);
  });
});
