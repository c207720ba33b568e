import type { DailyCounts } from '../attribution/daily-kpis.js';
import { addDays } from '../attribution/days-to-attribute.js';
import { degradationReason, rankStatistic, responseRate } from './degradation.js';

describe('rankStatistic', () => {
  it('is worked out by hand', () => {
    // U = 0 of 12 pairs; mean 6, variance 3 · 4 · 8 / 12 = 8; (0 − 6 + 0.5) / √8
    expect(rankStatistic([1, 2, 3], [4, 5, 6, 7])).toBeCloseTo(-5.5 / Math.sqrt(8), 12);
    expect(rankStatistic([4, 5, 6, 7], [1, 2, 3])).toBeCloseTo(5.5 / Math.sqrt(8), 12);
    // Three values tie: U = 1 of 4, mean 2, variance 4/12 · (5 − 24/12) = 1; (1 − 2 + 0.5) / 1
    expect(rankStatistic([1, 1], [1, 2])).toBeCloseTo(-0.5, 12);
    expect(rankStatistic([1, 1], [1, 1])).toBe(0);
  });
});

const TODAY = '2026-11-21';
const empty: DailyCounts = {
  ...{ day: TODAY, served: 0, none: 0, shown: 0, clicked: 0, bought: 0, accepted: 0, rejected: 0 },
  ...{ attributedPurchases: 0, attributedRevenue: 0, productsShown: 0, productsOnSale: 0 },
};

/** 35 days before today; `responses(ago)` of 1,000 shown, the weekday's wobble on top. */
function days(responses: (ago: number) => number, shown = 1_000): DailyCounts[] {
  return Array.from({ length: 35 }, (_, index) => {
    const ago = 35 - index;
    const wobble = (ago % 7) - 3;
    return { ...empty, day: addDays(TODAY, -ago), shown, clicked: responses(ago) + wobble };
  });
}

describe('degradationReason', () => {
  const fallen = (to: number) => (ago: number) => (ago <= 7 ? to : 100);

  it('counts clicks, acceptances and purchases of the day', () => {
    expect(
      responseRate({ ...empty, shown: 200, clicked: 10, accepted: 6, bought: 99, attributedPurchases: 4 }),
    ).toBe(0.1);
  });

  it('is there when the last week lies clearly and far below the four weeks before', () => {
    expect(degradationReason(days(fallen(60)), TODAY, 0.2)).toEqual({
      trigger: 'degradation',
      sentence:
        'In the last 7 days 6.0 % of the products shown led to something, in the 28 days before 10.0 %: more than chance explains.',
      figures: {
        ...{ responseRate: 0.06, responseRateBefore: 0.1, recentDays: 7, pastDays: 28 },
        ...{ rankStatistic: expect.closeTo(-4.03, 1), limitRankStatistic: -2.326, limitDrop: 0.2 },
      },
    });
  });

  it('is not there for a small fall, a single bad day, a rise, or when it is switched off', () => {
    expect(degradationReason(days(fallen(85)), TODAY, 0.2)).toBeUndefined();
    expect(
      degradationReason(
        days((ago) => (ago === 3 ? 5 : 100)),
        TODAY,
        0.1,
      ),
    ).toBeUndefined();
    expect(degradationReason(days(fallen(200)), TODAY, 0.2)).toBeUndefined();
    expect(degradationReason(days(fallen(10)), TODAY, 0)).toBeUndefined();
  });

  it('is not there where the days before were as bad now and then', () => {
    const restless = (ago: number) => (ago % 2 === 0 ? 40 : 100);
    const now = days((ago) => (ago <= 7 ? 55 : restless(ago)));
    expect(degradationReason(now, TODAY, 0.2)).toBeUndefined();
  });

  it('wants enough days with enough shown, and none before the last such run', () => {
    expect(degradationReason(days(fallen(10)).slice(0, -3), TODAY, 0.2)).toBeUndefined();
    expect(degradationReason(days(fallen(10)).slice(-20), TODAY, 0.2)).toBeUndefined();
    expect(degradationReason(days(fallen(10), 19), TODAY, 0.2)).toBeUndefined();
    expect(degradationReason(days(fallen(10)), TODAY, 0.2, addDays(TODAY, -4))).toBeUndefined();
    expect(degradationReason(days(fallen(10)), TODAY, 0.2, addDays(TODAY, -5))).toBeDefined();
    expect(degradationReason([], TODAY, 0.2)).toBeUndefined();
  });
});
