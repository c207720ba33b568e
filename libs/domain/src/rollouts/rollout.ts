import { createHash } from 'node:crypto';
import type { TenantId } from '../tenants/tenant.js';
import type { CohortComparison } from './compare-cohorts.js';

export const ROLLOUT_STATES = ['running', 'stopped', 'completed'] as const;
export type RolloutState = (typeof ROLLOUT_STATES)[number];

/** When a roll-out stops by itself: each of these only with enough evidence (`judgeRollout`). */
export interface RolloutThresholds {
  /** By how much the share of tenants whose last run failed may be higher. */
  readonly failureShare: number;
  /** How many times as often tenants may freeze or switch off. */
  readonly freezeRatio: number;
  /** By which share the ranking quality may fall, compared with the others in the same nights. */
  readonly ndcgDrop: number;
  /** By which share the prediction error may rise. */
  readonly rmseRise: number;
  /** Of so many roll-outs of a template that is no worse one at most may be stopped, whatever the number of looks. */
  readonly falseStopShare: number;
}

export const DEFAULT_THRESHOLDS: RolloutThresholds = {
  failureShare: 0.02,
  freezeRatio: 1.5,
  ndcgDrop: 0.02,
  rmseRise: 0.02,
  falseStopShare: 0.05,
};

export const DEFAULT_SHARES: readonly number[] = [0.01, 0.1, 1];

/** From when on which tenants have the new version: those whose position is at most `cutoff`. */
export interface RolloutStep {
  readonly share: number;
  readonly cutoff: number;
  readonly at: Date;
}

export interface Rollout {
  readonly rolloutId: string;
  readonly templateVersion: number;
  readonly formerVersion: number;
  readonly state: RolloutState;
  readonly seed: number;
  readonly shares: readonly number[];
  /** Those that were taken; the first one with the start. */
  readonly steps: readonly RolloutStep[];
  readonly thresholds: RolloutThresholds;
  readonly reason: string;
  readonly startedBy: string;
  readonly startedAt: Date;
  readonly endedAt: Date | undefined;
  /** How often it was judged, and on how many ended runs last. */
  readonly looks: number;
  readonly judgedRuns: number;
  readonly comparison: CohortComparison | undefined;
  readonly comparedAt: Date | undefined;
}

export const ROLLOUT_ACTIONS = ['started', 'widened', 'stopped', 'stoppedByItself', 'completed'] as const;
export type RolloutAction = (typeof ROLLOUT_ACTIONS)[number];

/** Who did what with a roll-out, when and why. */
export interface RolloutEvent {
  readonly action: RolloutAction;
  readonly actor: string;
  readonly reason: string;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly at: Date;
}

export interface FleetMember {
  readonly tenantId: TenantId;
  readonly createdAt: Date;
}

/** Where a tenant stands in a roll-out, from 0 up to 1: the same as long as it lasts, another one in the next. */
export function rolloutPosition(seed: number, tenantId: TenantId): number {
  const hash = createHash('sha256').update(`${seed}/${tenantId}`).digest();
  return hash.readUIntBE(0, 6) / 2 ** 48;
}

/** Up to which position a share of these tenants stands: at least one of them, if there is any. */
export function cutoffFor(seed: number, tenantIds: readonly TenantId[], share: number): number {
  if (share >= 1 || tenantIds.length === 0) return Math.min(1, share);
  const positions = tenantIds.map((id) => rolloutPosition(seed, id)).sort((a, b) => a - b);
  return positions[Math.max(1, Math.round(share * positions.length)) - 1];
}

/** Since when a tenant has the new version; undefined: not yet. */
export function joinedAt(
  { seed, steps }: Pick<Rollout, 'seed' | 'steps'>,
  { tenantId, createdAt }: FleetMember,
): Date | undefined {
  const position = rolloutPosition(seed, tenantId);
  const step = steps.find(({ cutoff }) => position <= cutoff);
  return step && (step.at > createdAt ? step.at : createdAt);
}
