import type { LifecycleState } from '../lifecycle/lifecycle-state.js';
import type { TenantId } from '../tenants/tenant.js';
import { fisherTail, rankSumTail, rateTail } from './cohort-tests.js';
import {
  differenceInterval,
  eventInterval,
  meanOf,
  ratioInterval,
  welchInterval,
  wilsonInterval,
  type Interval,
  type Mean,
} from './intervals.js';
import { joinedAt, type FleetMember, type Rollout } from './rollout.js';

/** What served after a night, measured on rows that nobody trained on. */
export interface Quality {
  readonly ndcg10: number;
  readonly rmse: number;
}

export interface StateChange {
  readonly tenantId: TenantId;
  readonly from: LifecycleState;
  readonly to: LifecycleState;
  readonly at: Date;
  /** Whether somebody of the tenant did it; what an operator does says nothing about the template. */
  readonly byTenant: boolean;
}

/** Everything that two cohorts are compared by. */
export interface CohortEvidence {
  readonly members: readonly (FleetMember & { readonly state: LifecycleState })[];
  /** Per tenant and version: its last run that ended since the start, and how many there were. */
  readonly runs: readonly {
    readonly tenantId: TenantId;
    readonly templateVersion: number;
    readonly failed: boolean;
    readonly ended: number;
  }[];
  /** Per tenant: the last measured night before the start, and since then under either version. */
  readonly quality: readonly {
    readonly tenantId: TenantId;
    readonly before?: Quality;
    readonly former?: Quality;
    readonly present?: Quality;
  }[];
  /** Since the start, in their order. */
  readonly changes: readonly StateChange[];
}

export interface CountedShare extends Interval {
  readonly count: number;
  readonly of: number;
  readonly share: number;
}

/** Tenants that froze or switched off, per week that a tenant was on. */
export interface DepartureRate extends Interval {
  readonly count: number;
  readonly tenantWeeks: number;
  readonly perWeek: number;
}

export interface Cohort {
  readonly templateVersion: number;
  readonly tenants: number;
  readonly endedRuns: number;
  /** Tenants whose last run failed. */
  readonly failing: CountedShare;
  readonly departures: DepartureRate;
  /** Relative to the tenant's last night before. */
  readonly ndcgChange: Mean;
  readonly rmseChange: Mean;
}

/** The new version against the former one; `chance`: how likely it is to look so much worse by chance alone. */
export interface MeasuredDifference extends Interval {
  readonly difference: number;
  readonly chance: number;
}

export interface CohortComparison {
  readonly present: Cohort;
  readonly former: Cohort;
  readonly failureShare: MeasuredDifference;
  /** Here the difference is how many times as often. */
  readonly freezeRatio: MeasuredDifference;
  readonly ndcg: MeasuredDifference;
  readonly rmse: MeasuredDifference;
}

interface Arm {
  tenants: number;
  endedRuns: number;
  failing: number;
  judged: number;
  departures: number;
  weeks: number;
  readonly ndcg: number[];
  readonly rmse: number[];
}

const WEEK_MS = 7 * 86_400_000;

/**
 * Nights under the new version against nights under the former one since the start of the roll-out. A tenant counts with the
 * former version until it joins, so that there is something to compare with when all have joined.
 */
export function compareCohorts(
  rollout: Pick<Rollout, 'seed' | 'steps' | 'startedAt' | 'templateVersion' | 'formerVersion'>,
  evidence: CohortEvidence,
  now: Date,
): CohortComparison {
  const [present, former] = [newArm(), newArm()];
  const changes = groupBy(evidence.changes, ({ tenantId }) => tenantId);
  for (const member of evidence.members) {
    const joined = joinedAt(rollout, member);
    (joined === undefined ? former : present).tenants++;
    const own = changes.get(member.tenantId) ?? [];
    const start = member.createdAt > rollout.startedAt ? member.createdAt : rollout.startedAt;
    observe(former, member.state, own, start, joined ?? now);
    if (joined !== undefined) observe(present, member.state, own, joined, now);
  }
  for (const { templateVersion, failed, ended } of evidence.runs) {
    const arm = templateVersion === rollout.templateVersion ? present : former;
    arm.endedRuns += ended;
    arm.judged++;
    if (failed) arm.failing++;
  }
  for (const { before, former: meanwhile, present: after } of evidence.quality) {
    addChange(present, meanwhile ?? before, after);
    addChange(former, before, meanwhile);
  }
  return {
    present: toCohort(rollout.templateVersion, present),
    former: toCohort(rollout.formerVersion, former),
    failureShare: {
      difference: present.failing / present.judged - former.failing / former.judged,
      ...differenceInterval(present.failing, present.judged, former.failing, former.judged),
      chance: fisherTail(present.failing, present.judged, former.failing, former.judged),
    },
    freezeRatio: freezeRatioOf(present, former),
    ndcg: meanDifference(present.ndcg, former.ndcg, 1),
    rmse: meanDifference(present.rmse, former.rmse, -1),
  };
}

function newArm(): Arm {
  const none = { tenants: 0, endedRuns: 0, failing: 0, judged: 0, departures: 0, weeks: 0 };
  return { ...none, ndcg: [], rmse: [] };
}

/** Adds the time from `from` to `until` in which the tenant was on, up to its first departure. */
function observe(
  arm: Arm,
  stateNow: LifecycleState,
  changes: readonly StateChange[],
  from: Date,
  until: Date,
): void {
  if (until <= from) return;
  const earlier = changes.filter(({ at }) => at <= from);
  const later = changes.filter(({ at }) => at > from && at <= until);
  const state = earlier.at(-1)?.to ?? changes.at(0)?.from ?? stateNow;
  if (state !== 'on') return;
  const departure = later.find(({ to }) => to !== 'on');
  arm.weeks += ((departure?.at ?? until).getTime() - from.getTime()) / WEEK_MS;
  if (departure?.byTenant === true) arm.departures++;
}

function addChange(arm: Arm, before: Quality | undefined, after: Quality | undefined): void {
  if (before === undefined || after === undefined) return;
  if (before.ndcg10 > 0) arm.ndcg.push(after.ndcg10 / before.ndcg10 - 1);
  if (before.rmse > 0) arm.rmse.push(after.rmse / before.rmse - 1);
}

function toCohort(templateVersion: number, arm: Arm): Cohort {
  const { tenants, endedRuns, failing, judged, departures, weeks } = arm;
  const events = eventInterval(departures);
  return {
    ...{ templateVersion, tenants, endedRuns },
    failing: {
      ...{ count: failing, of: judged, share: judged === 0 ? 0 : failing / judged },
      ...wilsonInterval(failing, judged),
    },
    departures: {
      ...{ count: departures, tenantWeeks: weeks, perWeek: weeks === 0 ? 0 : departures / weeks },
      ...{ low: weeks === 0 ? 0 : events.low / weeks, high: weeks === 0 ? Infinity : events.high / weeks },
    },
    ndcgChange: meanOf(arm.ndcg),
    rmseChange: meanOf(arm.rmse),
  };
}

function freezeRatioOf(present: Arm, former: Arm): MeasuredDifference {
  const counts = [present.departures, present.weeks, former.departures, former.weeks] as const;
  const { ratio, low, high } = ratioInterval(...counts);
  return { difference: ratio, low, high, chance: rateTail(...counts) };
}

/** @param better 1 where more is better, -1 where less is */
function meanDifference(
  values: readonly number[],
  others: readonly number[],
  better: 1 | -1,
): MeasuredDifference {
  const signed = (list: readonly number[]) => list.map((value) => better * value);
  return { ...welchInterval(values, others), chance: rankSumTail(signed(values), signed(others)) };
}

export function groupBy<T, K>(values: readonly T[], keyOf: (value: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const value of values) {
    const key = keyOf(value);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [value]);
    else group.push(value);
  }
  return groups;
}
