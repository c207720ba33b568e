import { fisherTail, normalBelow, rankSumTail, rateTail } from './cohort-tests.js';
import {
  differenceInterval,
  eventInterval,
  meanOf,
  ratioInterval,
  welchInterval,
  wilsonInterval,
} from './intervals.js';

describe('fisherTail', () => {
  it('is Fisher’s own example: three of four cups named rightly, or all four', () => {
    // C(4,3) C(4,1) = 16 ways for three and one for four, out of C(8,4) = 70.
    expect(fisherTail(3, 4, 1, 4)).toBeCloseTo(17 / 70, 12);
    expect(fisherTail(4, 4, 0, 4)).toBeCloseTo(1 / 70, 12);
  });

  it('is 1 for what is no worse, and where there is nothing to compare with', () => {
    expect(fisherTail(0, 4, 3, 8)).toBeCloseTo(1, 12);
    expect(fisherTail(4, 4, 0, 0)).toBeCloseTo(1, 12);
    expect(fisherTail(0, 0, 0, 0)).toBe(1);
  });

  it('bears the whole fleet', () => {
    // 40 of 40 against 12 of 3,960: about C(52,40) / C(4000,40).
    expect(fisherTail(40, 40, 12, 3_960)).toBeLessThan(1e-60);
    expect(fisherTail(0, 40, 12, 3_960)).toBeCloseTo(1, 9);
  });
});

describe('rateTail', () => {
  it('counts events by the time under observation', () => {
    // One week against three: each of four events is in the first with chance 1/4. 4 · 1/64 · 3/4 + 1/256.
    expect(rateTail(3, 1, 1, 3)).toBeCloseTo(0.05078125, 12);
    expect(rateTail(0, 1, 9, 3)).toBe(1);
  });

  it('allows a ratio', () => {
    // Three times as often in a third of the time: a coin. P(3 or 4 heads of 4) = 5/16.
    expect(rateTail(3, 1, 1, 3, 3)).toBeCloseTo(5 / 16, 12);
  });

  it('finds nothing where nobody else was observed', () => {
    expect(rateTail(5, 1, 0, 0)).toBe(1);
  });
});

describe('rankSumTail', () => {
  it('counts the subsets that are as low', () => {
    expect(rankSumTail([1, 2], [3, 4, 5])).toBeCloseTo(1 / 10, 12);
    expect(rankSumTail([1, 3], [2, 4, 5])).toBeCloseTo(2 / 10, 12);
    expect(rankSumTail([4, 5], [1, 2, 3])).toBeCloseTo(1, 12);
  });

  it('gives ties their mean rank', () => {
    // Ranks 2, 2, 2, 4: three of the six pairs come to 4.
    expect(rankSumTail([1, 1], [1, 2])).toBeCloseTo(3 / 6, 12);
    expect(rankSumTail([7, 7, 7], [7, 7])).toBeCloseTo(1, 12);
  });

  it('is taken as normal for many, corrected for ties', () => {
    // The lowest 5 of 41: sum 15, mean 105, variance 5 · 36 · 42 / 12 = 630, so z = -89.5 / 25.1.
    const others = Array.from({ length: 36 }, (_, index) => index + 6);
    expect(rankSumTail([1, 2, 3, 4, 5], others)).toBeCloseTo(normalBelow(-89.5 / Math.sqrt(630)), 12);
    expect(rankSumTail(new Array(5).fill(1), new Array(36).fill(1))).toBe(1);
  });

  it('finds nothing without anybody to compare with', () => {
    expect(rankSumTail([], [1, 2])).toBe(1);
    expect(rankSumTail([1, 2], [])).toBe(1);
  });
});

describe('intervals', () => {
  it('of a share', () => {
    expect(wilsonInterval(0, 10)).toMatchObject({ low: 0, high: expect.closeTo(0.27753, 4) });
    expect(wilsonInterval(5, 10)).toMatchObject({
      low: expect.closeTo(0.2366, 4),
      high: expect.closeTo(0.7634, 4),
    });
  });

  it('of a difference of shares: the example of Newcombe 1998, table II (a)', () => {
    expect(differenceInterval(56, 70, 48, 80)).toMatchObject({
      low: expect.closeTo(0.0524, 4),
      high: expect.closeTo(0.3339, 4),
    });
  });

  it('of events', () => {
    expect(eventInterval(0)).toMatchObject({ low: 0, high: expect.closeTo(3.67, 2) });
    // Exact: 4.80 to 18.39.
    expect(eventInterval(10)).toMatchObject({ low: expect.closeTo(4.79, 1), high: expect.closeTo(18.39, 1) });
  });

  it('of a ratio, finite where nothing has happened', () => {
    expect(ratioInterval(0, 10, 0, 10)).toMatchObject({ ratio: 1 });
    // ln(9.5 / 2.5) ± 1.96 sqrt(1/9.5 + 1/2.5).
    expect(ratioInterval(9, 1, 2, 1)).toMatchObject({
      ratio: expect.closeTo(3.8, 6),
      low: expect.closeTo(0.944, 2),
      high: expect.closeTo(15.3, 1),
    });
  });

  it('of means, wider than the normal one where values are few', () => {
    const eleven = Array.from({ length: 11 }, (_, index) => index);
    // Standard deviation sqrt(11), t of 10 degrees of freedom 2.228: 5 ± 2.228.
    expect(meanOf(eleven)).toMatchObject({ count: 11, mean: 5, low: expect.closeTo(2.772, 2) });
    expect(meanOf([3])).toMatchObject({ mean: 3, low: -Infinity, high: Infinity });
    const { difference, low } = welchInterval([1, 2, 3], [2, 4, 6]);
    // 5/3 is the variance of the difference; 2.94 degrees of freedom: t is 3.22.
    expect(difference).toBe(-2);
    expect((-2 - low) / Math.sqrt(5 / 3)).toBeCloseTo(3.2, 1);
  });
});
