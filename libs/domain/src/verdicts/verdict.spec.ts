import fc from 'fast-check';
import { PIPELINE_TEMPLATE } from '../template/pipeline-template.js';
import {
  decideVerdict,
  unchangedVerdict,
  VERDICT_LANES,
  type VerdictEvidence,
  type VerdictLane,
} from './verdict.js';

// Margins: a refresh may be worse by 2 %, a change must be better by 0.5 %; NDCG may fall by 5 %, coverage by 20 %.
const GATE = PIPELINE_TEMPLATE.gate;

/** Reference RMSE 1, NDCG 0.2, coverage 0.5: the bounds are +0.02, −0.005, −0.01 and 0.4. */
function evidence(lane: VerdictLane, change: Partial<VerdictEvidence> = {}): VerdictEvidence {
  return {
    lane,
    reference: { algorithm: 'item-cf', rmse: 1, ndcg10: 0.2, coverage10: 0.5 },
    challenger: { algorithm: 'hybrid', rmse: 0.98, ndcg10: 0.205, coverage10: 0.45 },
    customers: 400,
    rows: 2_000,
    rmse: { difference: -0.02, low: -0.03, high: -0.01 },
    ndcg10: { difference: 0.005, low: -0.002, high: 0.012 },
    ...change,
  };
}
const reason = (given: VerdictEvidence) => decideVerdict(given, GATE).reasonCode;
const challenger = (change: object) => ({ challenger: { ...evidence('change').challenger, ...change } });
const rmse = (difference: number, low: number, high: number) => ({ rmse: { difference, low, high } });
const ndcg10 = (difference: number, low: number, high: number) => ({ ndcg10: { difference, low, high } });

describe('the first lane', () => {
  it('promotes a model that ranks clearly better than the best sellers, whatever its coverage', () => {
    const verdict = decideVerdict(
      evidence('first', { ...ndcg10(0.02, 0.001, 0.04), ...challenger({ coverage10: 0.01 }) }),
      GATE,
    );
    expect(verdict).toMatchObject({ promoted: true, reasonCode: 'better', guardrails: [] });
  });

  it('serves the best sellers when the interval touches 0', () => {
    expect(reason(evidence('first', ndcg10(0.02, 0, 0.04)))).toBe('popularityNotBeaten');
  });
});

describe('the refresh lane', () => {
  it('promotes what is worse by no more than the margin, at the upper end of the interval', () => {
    expect(reason(evidence('refresh', rmse(0.005, -0.01, 0.02)))).toBe('notWorse');
    expect(reason(evidence('refresh', rmse(0.005, -0.01, 0.0201)))).toBe('rmseWorse');
  });

  it('keeps the champion when the ranking could fall by more than its margin', () => {
    expect(reason(evidence('refresh', ndcg10(0, -0.01, 0.01)))).toBe('notWorse');
    expect(reason(evidence('refresh', ndcg10(0, -0.0101, 0.01)))).toBe('rankingWorse');
  });

  it('keeps the champion when coverage falls by more than its margin', () => {
    expect(reason(evidence('refresh', challenger({ coverage10: 0.4 })))).toBe('notWorse');
    expect(reason(evidence('refresh', challenger({ coverage10: 0.399 })))).toBe('coverageWorse');
  });
});

describe('a model that came out as it was', () => {
  it('is no promotion, keeps its numbers and names the day in the tenant’s time zone', () => {
    const verdict = decideVerdict(evidence('refresh'), GATE);
    const since = new Date('2026-10-31T23:30:00Z');
    const unchanged = unchangedVerdict(verdict, since, 'Europe/Berlin');
    expect(unchanged).toEqual({
      ...verdict,
      promoted: false,
      reasonCode: 'noNewData',
      sentence: expect.stringContaining('nothing new to learn from since 1 November 2026'),
    });
  });
});

describe('the change lane', () => {
  it('promotes a gain that is large enough and that the interval supports', () => {
    expect(decideVerdict(evidence('change', rmse(-0.005, -0.009, -0.001)), GATE)).toMatchObject({
      promoted: true,
      reasonCode: 'better',
    });
  });

  it('keeps the champion when the gain is certain but small', () => {
    expect(reason(evidence('change', rmse(-0.0049, -0.006, -0.001)))).toBe('rmseNotBetterEnough');
  });

  it('keeps the champion when the gain is large but uncertain', () => {
    expect(reason(evidence('change', rmse(-0.05, -0.1, 0)))).toBe('rmseNotBetterEnough');
  });

  it('does not buy a better RMSE with a worse ranking or a narrower range', () => {
    expect(reason(evidence('change', ndcg10(-0.05, -0.07, -0.03)))).toBe('rankingWorse');
    expect(reason(evidence('change', challenger({ coverage10: 0.1 })))).toBe('coverageWorse');
  });

  it('writes down what each guardrail measured and the least that passes', () => {
    expect(decideVerdict(evidence('change'), GATE).guardrails).toEqual([
      { name: 'ndcg10', value: -0.002, bound: expect.closeTo(-0.01, 12), passed: true },
      { name: 'coverage10', value: 0.45, bound: expect.closeTo(0.4, 12), passed: true },
    ]);
  });
});

describe.each(VERDICT_LANES)('too little evidence in the %s lane', (lane) => {
  it('keeps the champion below either minimum', () => {
    const promoting = { ...rmse(-0.1, -0.12, -0.08), ...ndcg10(0.05, 0.04, 0.06) };
    expect(decideVerdict(evidence(lane, { ...promoting, customers: 50, rows: 200 }), GATE).promoted).toBe(
      true,
    );
    expect(reason(evidence(lane, { ...promoting, customers: 49 }))).toBe('notEnoughEvidence');
    expect(reason(evidence(lane, { ...promoting, rows: 199 }))).toBe('notEnoughEvidence');
  });

  // Null is what JSON makes of NaN: a number that was lost on the way must not count as 0.
  it.each([NaN, Infinity, -Infinity, null])('keeps the champion when any single number is %s', (hole) => {
    const whole = evidence(lane, { ...rmse(-0.1, -0.12, -0.08), ...ndcg10(0.05, 0.04, 0.06) });
    for (const group of ['rmse', 'ndcg10', 'challenger', 'reference'] as const) {
      for (const [field, value] of Object.entries(whole[group])) {
        if (typeof value !== 'number') continue;
        const verdict = decideVerdict({ ...whole, [group]: { ...whole[group], [field]: hole } }, GATE);
        expect(verdict).toMatchObject({ promoted: false, reasonCode: 'notEnoughEvidence' });
        expect(verdict.sentence).not.toMatch(/NaN|null|undefined|Infinity/);
      }
    }
  });
});

describe('the sentence', () => {
  it('tells a sales lead what was compared and on how many', () => {
    expect(decideVerdict(evidence('change', { customers: 12_345 }), GATE).sentence).toBe(
      'The new combined model predicts clearly better than the model in service (prediction error 0.980 against 1.000, 12,345 customers) and ranks no worse, so it takes over.',
    );
  });

  it('names shares of the range in percent', () => {
    expect(decideVerdict(evidence('refresh', challenger({ coverage10: 0.101 })), GATE).sentence).toContain(
      '10 % of the range against 50 %',
    );
  });

  it('agrees with the decision and holds no hole, whatever the numbers', () => {
    const number = fc.double({ min: -2, max: 2 });
    const difference = fc.record({ difference: number, low: number, high: number });
    const model = fc.record({
      algorithm: fc.constantFrom('popularity', 'ials', 'unheard-of'),
      rmse: number,
      ndcg10: number,
      coverage10: number,
    });
    const anything = fc.record({
      lane: fc.constantFrom(...VERDICT_LANES),
      reference: model,
      challenger: model,
      customers: fc.nat(500),
      rows: fc.nat(2_000),
      rmse: difference,
      ndcg10: difference,
    });
    fc.assert(
      fc.property(anything, (given) => {
        const { sentence, promoted } = decideVerdict(given, GATE);
        expect(sentence).not.toMatch(/undefined|NaN|null|Infinity|\[object/);
        expect(/takes over\.$|serves from now on\.$/.test(sentence)).toBe(promoted);
      }),
      { numRuns: 2_000, seed: 7 },
    );
  });
});

describe('A/A nights', () => {
  /** Mulberry32: seeded, so that the share below is a fact and not a chance. */
  function seeded(seed: number): () => number {
    let state = seed;
    return () => {
      state = (state + 0x6d2b79f5) | 0;
      let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    };
  }
  const normal = (random: () => number) =>
    Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

  /** 95 % interval of the mean of `customers` paired differences with the given true mean. */
  function difference(random: () => number, trueMean: number, spread: number, customers: number) {
    const values = Array.from({ length: customers }, () => trueMean + spread * normal(random));
    const mean = values.reduce((sum, value) => sum + value, 0) / customers;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (customers - 1);
    const half = 1.96 * Math.sqrt(variance / customers);
    return { difference: mean, low: mean - half, high: mean + half };
  }

  function promotedShare(trueMean: number, nights = 1_000): number {
    const random = seeded(20261121);
    let promoted = 0;
    for (let night = 0; night < nights; night++) {
      const measured = {
        rmse: difference(random, trueMean, 0.5, 200),
        ndcg10: difference(random, 0, 0.01, 200),
      };
      if (decideVerdict(evidence('change', { ...measured, customers: 200 }), GATE).promoted) promoted++;
    }
    return promoted / nights;
  }

  it('replace an equal model by a new recipe on no more than α of the nights', () => {
    const share = promotedShare(0);
    expect(share).toBeGreaterThan(0);
    expect(share).toBeLessThanOrEqual(1 - GATE.confidence);
  });

  it('would notice a real gain: the test above does not pass because nothing is ever promoted', () => {
    expect(promotedShare(-0.15)).toBeGreaterThan(0.9);
  });
});
