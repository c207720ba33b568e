import type { LifecycleState } from '../lifecycle/lifecycle-state.js';
import type { RunOutcome, RunStatus } from '../runs/run.js';
import type { TenantId } from '../tenants/tenant.js';

export const SIZE_COHORTS = ['empty', 'small', 'medium', 'large'] as const;
export type SizeCohort = (typeof SIZE_COHORTS)[number];
export const AGE_COHORTS = ['firstMonth', 'firstHalfYear', 'older'] as const;
export type AgeCohort = (typeof AGE_COHORTS)[number];

/** The worst first: what a tenant notices in the morning comes before what may become worse. */
export const TROUBLES = ['failed', 'late', 'unreadable', 'rejected', 'falling', 'quota'] as const;
export type Trouble = (typeof TROUBLES)[number];

/** Numbers and states of a tenant, never its data. */
export interface FleetTenant {
  readonly tenantId: TenantId;
  readonly slug: string;
  readonly name: string;
  readonly state: LifecycleState;
  readonly stateChangedAt: Date;
  readonly templateVersion: number;
  readonly createdAt: Date;
  /** Of its last run that has read them. */
  readonly interactions: number | undefined;
  readonly lastRun: FleetTenantRun | undefined;
  /** Whether the lists of its last night came late, or are not there. */
  readonly late: boolean;
  /** NDCG@10 of what served after each of the last measured nights, oldest first. */
  readonly ndcgTrend: readonly number[];
  /** Of its last nights (`TREND_NIGHTS`). */
  readonly cpuSeconds: number;
  readonly bytes: number;
  readonly requestsToday: number;
  /** Undefined: no limit. */
  readonly requestsPerDay: number | undefined;
}

export interface FleetTenantRun {
  readonly night: string;
  readonly status: RunStatus;
  readonly outcome: RunOutcome | undefined;
  readonly errorCode: string | undefined;
  readonly finishedAt: Date | undefined;
}

export const TREND_NIGHTS = 14;
const DAY_MS = 86_400_000;
const SMALL_BELOW = 10_000;
const MEDIUM_BELOW = 100_000;
/** Below so much of the median of the nights before, accuracy is falling. */
const FALLING_BELOW = 0.9;
const NIGHTS_TO_JUDGE_BY = 4;
/** From so much of the quota on somebody should know. */
const QUOTA_SHARE = 0.9;

export function sizeCohortOf(interactions: number | undefined): SizeCohort {
  if (interactions === undefined || interactions === 0) return 'empty';
  if (interactions < SMALL_BELOW) return 'small';
  return interactions < MEDIUM_BELOW ? 'medium' : 'large';
}

/** When a tenant leaves one cohort of age for the next. */
export function ageBoundaries(createdAt: Date): readonly [firstMonthEnds: number, firstHalfYearEnds: number] {
  return [createdAt.getTime() + 30 * DAY_MS, createdAt.getTime() + 182 * DAY_MS];
}

export function ageCohortOf(createdAt: Date, now: Date): AgeCohort {
  const [monthEnds, halfYearEnds] = ageBoundaries(createdAt);
  if (now.getTime() < monthEnds) return 'firstMonth';
  return now.getTime() < halfYearEnds ? 'firstHalfYear' : 'older';
}

/** What is wrong with a tenant, the worst first. A tenant that is off is in no trouble. */
export function troublesOf(tenant: FleetTenant): Trouble[] {
  if (tenant.state === 'off') return [];
  const { lastRun, late, ndcgTrend, requestsToday, requestsPerDay } = tenant;
  const has: Readonly<Record<Trouble, boolean>> = {
    failed: lastRun?.status === 'failed',
    late,
    unreadable: lastRun?.outcome === 'championUnreadable',
    rejected: lastRun?.outcome === 'dataRejected',
    falling: isFalling(ndcgTrend),
    quota: requestsPerDay !== undefined && requestsToday >= QUOTA_SHARE * requestsPerDay,
  };
  return TROUBLES.filter((trouble) => has[trouble]);
}

/** The last night clearly below the median of those before it: one odd night among them does not count. */
export function isFalling(trend: readonly number[]): boolean {
  const last = trend.at(-1);
  if (last === undefined || trend.length < NIGHTS_TO_JUDGE_BY) return false;
  const before = trend.slice(0, -1).sort((a, b) => a - b);
  const middle = (before.length - 1) / 2;
  const median = (before[Math.floor(middle)] + before[Math.ceil(middle)]) / 2;
  return last < FALLING_BELOW * median;
}
