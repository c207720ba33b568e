import { compareCohorts, type CohortEvidence } from './compare-cohorts.js';
import { chanceAllowed, isLookDue, judgeRollout } from './judge-rollout.js';
import { cutoffFor, DEFAULT_THRESHOLDS, joinedAt, rolloutPosition, type Rollout } from './rollout.js';

const DAY_MS = 86_400_000;
const START = new Date('2026-11-01T12:00:00Z');
const day = (days: number) => new Date(START.getTime() + days * DAY_MS);
const ids = Array.from({ length: 4_000 }, (_, index) => index + 1);

describe('who comes when', () => {
  it('takes exactly the share, at least one, the same ones each time, and keeps them', () => {
    const upTo = (share: number, among = ids) => {
      const cutoff = cutoffFor(7, among, share);
      return among.filter((id) => rolloutPosition(7, id) <= cutoff);
    };
    const [first, more] = [upTo(0.01), upTo(0.1)];
    expect([first.length, more.length, upTo(1).length]).toEqual([40, 400, 4_000]);
    expect(upTo(0.01)).toEqual(first);
    expect(more).toEqual(expect.arrayContaining(first));
    expect(upTo(0.01, ids.slice(0, 12))).toHaveLength(1);
    expect(cutoffFor(7, [], 0.5)).toBe(0.5);
  });

  it('draws others for the next roll-out', () => {
    const of = (seed: number) => {
      const last = cutoffFor(seed, ids, 0.01);
      return ids.filter((id) => rolloutPosition(seed, id) <= last).join();
    };
    expect(of(8)).not.toBe(of(7));
  });

  it('spreads evenly', () => {
    const mean = ids.reduce((sum, id) => sum + rolloutPosition(3, id), 0) / ids.length;
    expect(mean).toBeCloseTo(0.5, 1);
  });

  it('counts a newcomer from when it came', () => {
    const steps = [{ share: 0.5, cutoff: rolloutPosition(1, 5), at: START }];
    expect(joinedAt({ seed: 1, steps }, { tenantId: 5, createdAt: day(-9) })).toEqual(START);
    expect(joinedAt({ seed: 1, steps }, { tenantId: 5, createdAt: day(2) })).toEqual(day(2));
    const later = { share: 1, cutoff: 1, at: day(3) };
    const other = ids.find((id) => rolloutPosition(1, id) > steps[0].cutoff)!;
    expect(joinedAt({ seed: 1, steps }, { tenantId: other, createdAt: day(-9) })).toBeUndefined();
    expect(joinedAt({ seed: 1, steps: [...steps, later] }, { tenantId: other, createdAt: day(-9) })).toEqual(
      day(3),
    );
  });
});

/** Twelve tenants, four of which have the new version. */
const fleet = ids.slice(0, 12);
const cutoff = cutoffFor(7, fleet, 1 / 3);
const rollout: Rollout = {
  ...{ rolloutId: 'r', templateVersion: 2, formerVersion: 1, state: 'running', seed: 7 },
  ...{ shares: [1 / 3, 1], thresholds: DEFAULT_THRESHOLDS, reason: 'x', startedBy: 'kim', startedAt: START },
  ...{ endedAt: undefined, looks: 0, judgedRuns: 0, comparison: undefined, comparedAt: undefined },
  steps: [{ share: 1 / 3, cutoff, at: START }],
};
const present = fleet.filter((id) => rolloutPosition(7, id) <= cutoff);
const former = fleet.filter((id) => !present.includes(id));
const members = fleet.map((tenantId) => ({ tenantId, createdAt: day(-30), state: 'on' as const }));
const none: CohortEvidence = { members, runs: [], quality: [], changes: [] };
const nights = (tenants: readonly number[], templateVersion: number, failing: number) =>
  tenants.map((tenantId, index) => ({ tenantId, templateVersion, failed: index < failing, ended: 1 }));
const stops = (evidence: Partial<CohortEvidence>, look = 1, of = rollout) =>
  judgeRollout(compareCohorts(of, { ...none, ...evidence }, day(7)), of.thresholds, look);

describe('a roll-out', () => {
  it('is not stopped by nothing', () => {
    const comparison = compareCohorts(rollout, none, day(7));
    expect(comparison).toMatchObject({
      present: { tenants: 4, endedRuns: 0 },
      former: { tenants: 8, endedRuns: 0 },
    });
    expect(comparison.present.departures.tenantWeeks).toBeCloseTo(4, 9);
    expect(stops({})).toEqual([]);
  });

  it('is stopped when all of its runs fail and no other does', () => {
    // By chance alone in one of C(12,4) = 495 cases; allowed at the first look is 0.05/4 · 6/π² = 0.0076.
    const [reason, ...others] = stops({ runs: [...nights(present, 2, 4), ...nights(former, 1, 0)] });
    expect(others).toEqual([]);
    expect(reason).toMatchObject({ measure: 'failureShare' });
    expect(reason.sentence).toBe(
      'The last run of 4 out of 4 tenants failed with template 2, of 0 out of 8 with template 1: by chance alone in 0.2 % of cases (look 1).',
    );
  });

  it('is not stopped by one failure, nor by an outage that all share', () => {
    expect(stops({ runs: [...nights(present, 2, 1), ...nights(former, 1, 0)] })).toEqual([]);
    expect(stops({ runs: [...nights(present, 2, 4), ...nights(former, 1, 8)] })).toEqual([]);
  });

  it('is stopped when its lists become worse than the others’ in the same nights', () => {
    const quality = (change: number) => [
      ...present.map((tenantId, i) => ({
        tenantId,
        before: { ndcg10: 0.4, rmse: 1 },
        present: { ndcg10: 0.4 * (1 + change + i / 1000), rmse: 1 },
      })),
      ...former.map((tenantId, i) => ({
        tenantId,
        before: { ndcg10: 0.4, rmse: 1 },
        former: { ndcg10: 0.4 * (0.99 + i / 1000), rmse: 1 },
      })),
    ];
    expect(stops({ quality: quality(-0.1) })).toMatchObject([{ measure: 'ndcg' }]);
    // Worse, but by less than 2 %.
    expect(stops({ quality: quality(-0.02) })).toEqual([]);
    expect(stops({ quality: quality(0.05) })).toEqual([]);
  });

  it('is stopped when tenants freeze, but not when an operator freezes them', () => {
    const freezing = (byTenant: boolean) =>
      present.map((tenantId) => ({
        tenantId,
        from: 'on' as const,
        to: 'frozen' as const,
        at: day(1),
        byTenant,
      }));
    // Four tenants for a day against eight for a week: a share of 4 / 60, to the fourth 0.00002.
    const [reason] = stops({ changes: freezing(true) });
    expect(reason).toMatchObject({
      measure: 'freezeRatio',
      sentence: expect.stringContaining('(4 against 0)'),
    });
    expect(stops({ changes: freezing(false) })).toEqual([]);
  });

  it('does not count who was frozen already, and takes time under observation into account', () => {
    const changes = [
      { tenantId: former[0], from: 'frozen' as const, to: 'on' as const, at: day(2), byTenant: true },
      { tenantId: former[1], from: 'on' as const, to: 'off' as const, at: day(3.5), byTenant: true },
    ];
    const { former: cohort } = compareCohorts(rollout, { ...none, changes }, day(7));
    expect(cohort.departures.tenantWeeks).toBeCloseTo(6.5, 9);
    expect(cohort.departures).toMatchObject({ count: 1, perWeek: expect.closeTo(1 / 6.5, 9) });
  });

  it('goes on being compared when all have joined: with their own time before', () => {
    const all = { ...rollout, steps: [...rollout.steps, { share: 1, cutoff: 1, at: day(3) }] };
    const comparison = compareCohorts(
      all,
      { ...none, runs: [...nights(fleet, 2, 9), ...nights(former, 1, 0)] },
      day(7),
    );
    expect(comparison).toMatchObject({ present: { tenants: 12 }, former: { tenants: 0 } });
    expect(comparison.former.departures.tenantWeeks).toBeCloseTo((8 * 3) / 7, 9);
    expect(judgeRollout(comparison, DEFAULT_THRESHOLDS, 1)).toMatchObject([{ measure: 'failureShare' }]);
  });
});

describe('looks', () => {
  it('are due by the number of runs alone', () => {
    const due = [];
    let judgedRuns = 0;
    for (let runs = 0; runs <= 40; runs++)
      if (isLookDue({ judgedRuns }, runs)) {
        due.push(runs);
        judgedRuns = runs;
      }
    expect(due).toEqual([1, 2, 3, 5, 8, 12, 18, 27]);
  });

  it('share out what chance is allowed', () => {
    let sum = 0;
    for (let look = 1; look <= 10_000; look++) sum += 4 * chanceAllowed(DEFAULT_THRESHOLDS, look);
    expect(sum).toBeLessThan(0.05);
    expect(sum).toBeCloseTo(0.05, 4);
  });

  it('stop a harmless template in no more than the share allowed', () => {
    // 300 roll-outs of a template that changes nothing, with a night of chance failures (10 %) and 12 looks each.
    let random = 12345;
    const chance = () => (random = (random * 48_271) % 2_147_483_647) / 2_147_483_647;
    let stopped = 0;
    for (let trial = 0; trial < 300; trial++) {
      const failed = fleet.map(() => false);
      for (let look = 1; look <= 12; look++) {
        fleet.forEach((_, index) => (failed[index] = chance() < 0.1));
        const runs = fleet.map((tenantId, index) => ({
          tenantId,
          templateVersion: present.includes(tenantId) ? 2 : 1,
          failed: failed[index],
          ended: look,
        }));
        if (stops({ runs }, look).length === 0) continue;
        stopped++;
        break;
      }
    }
    expect(stopped).toBeLessThanOrEqual(0.05 * 300);
  });
});
