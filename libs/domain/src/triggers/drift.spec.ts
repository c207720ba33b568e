import { chanceLimit, driftReason, stabilityIndex, type DataProfile } from './drift.js';

describe('stabilityIndex', () => {
  it('is worked out by hand', () => {
    // Half an event more in each bin: 50.5/101 = 0.5 and 75.5/101 = 0.747525;
    // 0.247525 · ln(1.495050) − 0.247525 · ln(0.504950) = 0.247525 · (0.402160 + 0.683295)
    expect(stabilityIndex([50, 50], [75, 25])).toBeCloseTo(0.268677, 5);
    expect(stabilityIndex([50, 50], [500, 500])).toBe(0);
    expect(Number.isFinite(stabilityIndex([100, 0], [0, 100]))).toBe(true);
  });
});

describe('chanceLimit', () => {
  it('is a quantile of χ² over the numbers of events', () => {
    // The 99.9 % point of χ² with 10 degrees of freedom is 29.59 in the tables, with 19 it is 43.82.
    expect(Math.abs(chanceLimit(11, 1_000, 1_000) / (2 / 1_000) - 29.59)).toBeLessThan(0.3);
    expect(Math.abs(chanceLimit(20, 500, 2_000) / (1 / 500 + 1 / 2_000) - 43.82)).toBeLessThan(0.3);
    expect(chanceLimit(1, 1_000, 1_000)).toBe(Infinity);
  });
});

const profile: DataProfile = {
  kind: 'purchase',
  from: '2026-10-24T00:00:00.000Z',
  products: { names: ['tea', 'cup'], counts: [600, 300, 100] },
  customers: { names: [''], counts: [1_000, 0] },
  prices: { edges: [5], counts: [500, 500] },
};
const same = { products: [300, 150, 50], customers: [500, 0], prices: [250, 250] };

describe('driftReason', () => {
  it('is not there for the same mix of other numbers, few events, or when it is switched off', () => {
    expect(driftReason(profile, same, 0.25)).toBeUndefined();
    expect(driftReason(profile, { ...same, products: [0, 0, 499] }, 0.25)).toBeUndefined();
    expect(driftReason(profile, { ...same, products: [0, 0, 5_000] }, 0)).toBeUndefined();
  });

  it('names the dimension that has drifted most, with its figures', () => {
    const index = stabilityIndex([600, 300, 100], [50, 50, 400]);
    expect(driftReason(profile, { ...same, products: [50, 50, 400], prices: [100, 400] }, 0.25)).toEqual({
      trigger: 'drift',
      sentence: `Other products are in demand in the 500 newest events (purchase) than in what the last training saw (PSI ${index.toFixed(2)}, limit 0.25).`,
      figures: {
        ...{ dimension: 'products', stabilityIndex: index, limit: 0.25, newEvents: 500 },
        eventKind: 'purchase',
      },
    });
    expect(driftReason(profile, { ...same, prices: [50, 450] }, 0.25)?.figures.dimension).toBe('prices');
    expect(driftReason(profile, { ...same, customers: [0, 500] }, 0.25)?.figures.dimension).toBe('customers');
  });

  it('asks for more than chance, however low a limit the tenant sets', () => {
    const slight = { ...same, prices: [240, 260] };
    expect(stabilityIndex([500, 500], slight.prices)).toBeGreaterThan(0.001);
    expect(driftReason(profile, slight, 0.001)).toBeUndefined();
  });
});
