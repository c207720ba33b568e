import type { RunKind, RunOutcome, RunStatus } from '../runs/run.js';
import type { LifecycleState } from '../lifecycle/lifecycle-state.js';
import type { Rollout } from '../rollouts/rollout.js';
import type { FleetTenant } from './fleet-tenant.js';
import type { AlertThresholds, RateEvidence, RateGroup } from './lifecycle-rates.js';

export interface WorkerReport {
  readonly workerId: string;
  readonly slots: number;
  readonly startedAt: Date;
  readonly heartbeatAt: Date;
}

export interface FleetRun {
  readonly tenant: string;
  readonly tenantName: string;
  readonly runId: string;
  readonly night: string;
  readonly kind: RunKind;
  readonly status: RunStatus;
  readonly outcome: RunOutcome | undefined;
  readonly templateVersion: number;
  readonly late: boolean;
  readonly attempt: number;
  readonly errorCode: string | undefined;
  readonly errorMessage: string | undefined;
  readonly createdAt: Date;
  readonly startedAt: Date | undefined;
  readonly finishedAt: Date | undefined;
  readonly cpuSeconds: number;
  readonly bytes: number;
  /** Of what serves after it, on the night's held-out rows. */
  readonly ndcg10: number | undefined;
  readonly interactions: number | undefined;
}

export interface FleetRunFilter {
  readonly status?: RunStatus;
  readonly late?: boolean;
  /** Slug. */
  readonly tenant?: string;
  /** Local date. */
  readonly night?: string;
}

/** What operators know of one tenant. */
export interface FleetTenantRecord {
  readonly tenant: FleetTenant;
  readonly timeZone: string;
  /** Newest first. */
  readonly changes: readonly StateOnRecord[];
  /** Of the fleet, oldest first. */
  readonly rollouts: readonly Rollout[];
}

export interface StateOnRecord {
  readonly from: LifecycleState;
  readonly to: LifecycleState;
  readonly reason: string;
  readonly actor: string;
  readonly at: Date;
}

export interface NightCost {
  readonly night: string;
  readonly runs: number;
  readonly cpuSeconds: number;
  readonly bytes: number;
}

/** Questions about the whole fleet: numbers and states, never a tenant's data. */
export abstract class FleetReadModel {
  abstract tenants(now: Date): Promise<FleetTenant[]>;
  /** Tenants' sizes only where cohorts go by them. */
  abstract rateEvidence(since: Date, group: RateGroup): Promise<RateEvidence>;
  abstract alertThresholds(): Promise<AlertThresholds>;
  abstract workers(): Promise<WorkerReport[]>;
  abstract tenant(slug: string, now: Date): Promise<FleetTenantRecord | undefined>;
  /** Slugs by id, of those that there are. */
  abstract slugs(tenantIds: readonly number[]): Promise<ReadonlyMap<number, string>>;
  /** Newest first; of one night, what cost most first. */
  abstract runs(filter: FleetRunFilter, limit: number): Promise<FleetRun[]>;
  /** What nights have cost, all tenants together, oldest first. */
  abstract costs(nights: number): Promise<NightCost[]>;
}
