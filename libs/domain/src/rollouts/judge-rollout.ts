import type { CohortComparison, MeasuredDifference } from './compare-cohorts.js';
import type { Rollout, RolloutThresholds } from './rollout.js';

export const ROLLOUT_MEASURES = ['failureShare', 'freezeRatio', 'ndcg', 'rmse'] as const;
export type RolloutMeasure = (typeof ROLLOUT_MEASURES)[number];

/** Why a roll-out stops. */
export interface StopReason {
  readonly measure: RolloutMeasure;
  readonly sentence: string;
}

/** A look each time so many more runs have ended: early ones soon, and not many of them. */
const GROWTH = 1.5;

/** Decided by the number of runs alone: looking just when something has gone wrong would find too much by chance. */
export function isLookDue({ judgedRuns }: Pick<Rollout, 'judgedRuns'>, endedRuns: number): boolean {
  return endedRuns >= Math.max(judgedRuns + 1, Math.ceil(judgedRuns * GROWTH));
}

/**
 * What chance one measure is allowed at this look (1, 2, …). The shares of all looks and measures together come to
 * `falseStopShare`, because 1 + 1/4 + 1/9 + … = π²/6; so whatever the number of looks, of so many harmless roll-outs at most
 * are stopped (alpha spending, Lan and DeMets 1983, with the union bound).
 */
export function chanceAllowed({ falseStopShare }: RolloutThresholds, look: number): number {
  return (falseStopShare / ROLLOUT_MEASURES.length) * (6 / (Math.PI * look) ** 2);
}

/** A measure stops the roll-out when it is worse by more than its threshold, and chance does not explain it. */
export function judgeRollout(
  comparison: CohortComparison,
  thresholds: RolloutThresholds,
  look: number,
): StopReason[] {
  const allowed = chanceAllowed(thresholds, look);
  return ROLLOUT_MEASURES.filter(
    (measure) => comparison[measure].chance <= allowed && isBeyond(measure, comparison[measure], thresholds),
  ).map((measure) => ({ measure, sentence: sentenceOf(measure, comparison, look) }));
}

/** Written so that a number that is missing stops nothing. */
function isBeyond(
  measure: RolloutMeasure,
  { difference }: MeasuredDifference,
  thresholds: RolloutThresholds,
): boolean {
  switch (measure) {
    case 'failureShare':
      return difference > thresholds.failureShare;
    case 'freezeRatio':
      return difference > thresholds.freezeRatio;
    case 'ndcg':
      return difference < -thresholds.ndcgDrop;
    case 'rmse':
      return difference > thresholds.rmseRise;
  }
}

function sentenceOf(measure: RolloutMeasure, comparison: CohortComparison, look: number): string {
  const { present, former } = comparison;
  const { difference, chance } = comparison[measure];
  const odds = `by chance alone in ${percent(chance)} of cases (look ${look})`;
  switch (measure) {
    case 'failureShare':
      return `The last run of ${present.failing.count} out of ${present.failing.of} tenants failed with template ${present.templateVersion}, of ${former.failing.count} out of ${former.failing.of} with template ${former.templateVersion}: ${odds}.`;
    case 'freezeRatio':
      return `Tenants with template ${present.templateVersion} froze or switched off ${difference.toFixed(1)} times as often as those with template ${former.templateVersion} (${present.departures.count} against ${former.departures.count}): ${odds}.`;
    case 'ndcg':
      return `Ranking quality went down by ${percent(-difference)} with template ${present.templateVersion}, compared with template ${former.templateVersion} in the same nights: ${odds}.`;
    case 'rmse':
      return `The prediction error went up by ${percent(difference)} with template ${present.templateVersion}, compared with template ${former.templateVersion} in the same nights: ${odds}.`;
  }
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`;
}
