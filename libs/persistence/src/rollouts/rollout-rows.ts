import type { CohortComparison, Rollout, RolloutState, RolloutThresholds } from '#libs/domain';

export interface RolloutRow {
  readonly rollout_id: string;
  readonly template_version: number;
  readonly former_version: number;
  readonly state: RolloutState;
  readonly seed: number;
  readonly shares: number[];
  readonly steps: { share: number; cutoff: number; at: string }[];
  readonly thresholds: RolloutThresholds;
  readonly reason: string;
  readonly started_by: string;
  readonly started_at: Date;
  readonly ended_at: Date | null;
  readonly looks: number;
  readonly judged_runs: number;
  readonly comparison: CohortComparison | null;
  readonly compared_at: Date | null;
}

export const ROLLOUT_COLUMNS = `rollout_id, template_version, former_version, state::text AS state, seed, shares, steps, thresholds,
  reason, started_by, started_at, ended_at, looks, judged_runs, comparison, compared_at`;

export function toRollout(row: RolloutRow): Rollout {
  return {
    rolloutId: row.rollout_id,
    templateVersion: row.template_version,
    formerVersion: row.former_version,
    state: row.state,
    seed: row.seed,
    shares: row.shares,
    steps: row.steps.map((step) => ({ ...step, at: new Date(step.at) })),
    thresholds: row.thresholds,
    reason: row.reason,
    startedBy: row.started_by,
    startedAt: row.started_at,
    endedAt: row.ended_at ?? undefined,
    looks: row.looks,
    judgedRuns: row.judged_runs,
    comparison: row.comparison ?? undefined,
    comparedAt: row.compared_at ?? undefined,
  };
}
