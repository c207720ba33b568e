import type { LifecycleState } from '../lifecycle/lifecycle-state.js';
import { groupBy, type StateChange } from '../rollouts/compare-cohorts.js';
import { eventInterval } from '../rollouts/intervals.js';
import { joinedAt, type Rollout } from '../rollouts/rollout.js';
import type { TenantId } from '../tenants/tenant.js';
import { ageBoundaries, ageCohortOf, sizeCohortOf } from './fleet-tenant.js';

export const RATE_GROUPS = ['all', 'template', 'size', 'age'] as const;
export type RateGroup = (typeof RATE_GROUPS)[number];

export interface RatedTenant {
  readonly tenantId: TenantId;
  readonly createdAt: Date;
  readonly state: LifecycleState;
  readonly interactions: number | undefined;
}

/** What rates are counted from. */
export interface RateEvidence {
  readonly tenants: readonly RatedTenant[];
  /** Since the first week begins, in their order. */
  readonly changes: readonly StateChange[];
  /** Oldest first. */
  readonly rollouts: readonly Rollout[];
  /** Version of tenants before the first roll-out. */
  readonly firstVersion: number;
}

/** How often something happens a week, with its 95 % interval. */
export interface WeeklyRate {
  readonly count: number;
  readonly perWeek: number;
  readonly low: number;
  readonly high: number;
}

export interface RateWeek {
  readonly from: Date;
  readonly until: Date;
  /** Weeks that tenants were on, all together. */
  readonly tenantWeeks: number;
  readonly freezes: WeeklyRate;
  readonly turnOffs: WeeklyRate;
}

export interface RateSeries {
  readonly cohort: string;
  readonly weeks: readonly RateWeek[];
}

const WEEK_MS = 7 * 86_400_000;

interface Cell {
  onMs: number;
  freezes: number;
  turnOffs: number;
}

/**
 * Freezes and turn-offs by tenants' own people, per week that a tenant was on, in the last `weeks` times seven days up to now. A
 * tenant's time counts in the cohort that it was in at the time: it grows older, and changes its template.
 */
export function lifecycleRates(
  evidence: RateEvidence,
  group: RateGroup,
  weeks: number,
  now: Date,
): RateSeries[] {
  const start = now.getTime() - weeks * WEEK_MS;
  const cells = new Map<string, Cell[]>();
  const cellOf = (cohort: string, at: number): Cell => {
    let series = cells.get(cohort);
    if (series === undefined) {
      series = Array.from({ length: weeks }, () => ({ onMs: 0, freezes: 0, turnOffs: 0 }));
      cells.set(cohort, series);
    }
    return series[Math.min(weeks - 1, Math.floor((at - start) / WEEK_MS))];
  };
  const weekStarts = Array.from({ length: weeks }, (_, week) => start + week * WEEK_MS);
  const changesOf = groupBy(evidence.changes, ({ tenantId }) => tenantId);
  for (const tenant of evidence.tenants) {
    const cohort = cohortFinder(evidence, group, tenant);
    const changes = (changesOf.get(tenant.tenantId) ?? []).filter(({ at }) => at.getTime() > start);
    let from = Math.max(start, tenant.createdAt.getTime());
    let state = changes.at(0)?.from ?? tenant.state;
    const cuts =
      cohort.cuts.length === 0 ? weekStarts : [...cohort.cuts, ...weekStarts].sort((a, b) => a - b);
    let next = 0;
    const addOn = (until: number) => {
      while (from < until) {
        while (cuts[next] <= from) next++;
        const to = Math.min(until, cuts[next] ?? until);
        if (state === 'on') cellOf(cohort.at(from), from).onMs += to - from;
        from = to;
      }
    };
    for (const { at, to, byTenant } of changes) {
      addOn(at.getTime());
      const cell = cellOf(cohort.at(at.getTime()), at.getTime());
      if (byTenant && to === 'frozen') cell.freezes++;
      if (byTenant && to === 'off') cell.turnOffs++;
      state = to;
    }
    addOn(now.getTime());
  }
  return [...cells]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([cohort, series]) => ({ cohort, weeks: series.map((cell, week) => toWeek(cell, week, start)) }));
}

interface CohortFinder {
  /** When the tenant changes its cohort. */
  readonly cuts: readonly number[];
  readonly at: (moment: number) => string;
}

function cohortFinder(evidence: RateEvidence, group: RateGroup, tenant: RatedTenant): CohortFinder {
  if (group === 'all') return { cuts: [], at: () => 'all' };
  if (group === 'size') return { cuts: [], at: () => sizeCohortOf(tenant.interactions) };
  if (group === 'age')
    return {
      cuts: ageBoundaries(tenant.createdAt),
      at: (moment) => ageCohortOf(tenant.createdAt, new Date(moment)),
    };
  const versions = versionsOf(evidence, tenant);
  return {
    cuts: versions.map(({ from }) => from),
    at: (moment) => String(versions.findLast(({ from }) => from <= moment)?.version ?? evidence.firstVersion),
  };
}

/** Which version a tenant had from when on: it follows from the roll-outs. */
export function versionsOf(
  { rollouts }: Pick<RateEvidence, 'rollouts'>,
  tenant: Pick<RatedTenant, 'tenantId' | 'createdAt'>,
): { readonly from: number; readonly version: number }[] {
  return rollouts.flatMap((rollout) => {
    const joined = joinedAt(rollout, tenant);
    const { templateVersion, formerVersion, state, endedAt } = rollout;
    if (state === 'completed' && endedAt !== undefined && tenant.createdAt >= endedAt)
      return [{ from: tenant.createdAt.getTime(), version: templateVersion }];
    if (joined === undefined || (endedAt !== undefined && joined >= endedAt)) return [];
    const versions = [{ from: joined.getTime(), version: templateVersion }];
    if (state === 'stopped' && endedAt !== undefined)
      versions.push({ from: endedAt.getTime(), version: formerVersion });
    return versions;
  });
}

function toWeek({ onMs, freezes, turnOffs }: Cell, week: number, start: number): RateWeek {
  const tenantWeeks = onMs / WEEK_MS;
  const rate = (count: number): WeeklyRate => {
    if (tenantWeeks === 0) return { count, perWeek: 0, low: 0, high: 0 };
    const { low, high } = eventInterval(count);
    return { count, perWeek: count / tenantWeeks, low: low / tenantWeeks, high: high / tenantWeeks };
  };
  return {
    from: new Date(start + week * WEEK_MS),
    until: new Date(start + (week + 1) * WEEK_MS),
    tenantWeeks,
    freezes: rate(freezes),
    turnOffs: rate(turnOffs),
  };
}

/** Above which rates of the last seven days an operator is to be alarmed. */
export interface AlertThresholds {
  readonly freezesPerWeek: number;
  readonly turnOffsPerWeek: number;
}

export interface RateAlert {
  readonly cohort: string;
  readonly kind: 'freezes' | 'turnOffs';
  readonly perWeek: number;
  readonly threshold: number;
}

/** One or two tenants of a small cohort are no alarm. */
const EVENTS_TO_ALARM = 3;

export function alertsOf(series: readonly RateSeries[], thresholds: AlertThresholds): RateAlert[] {
  return series.flatMap(({ cohort, weeks }) => {
    const last = weeks.at(-1);
    if (last === undefined) return [];
    const rates = [
      { kind: 'freezes' as const, rate: last.freezes, threshold: thresholds.freezesPerWeek },
      { kind: 'turnOffs' as const, rate: last.turnOffs, threshold: thresholds.turnOffsPerWeek },
    ];
    return rates
      .filter(({ rate, threshold }) => rate.count >= EVENTS_TO_ALARM && rate.perWeek > threshold)
      .map(({ kind, rate, threshold }) => ({ cohort, kind, perWeek: rate.perWeek, threshold }));
  });
}
