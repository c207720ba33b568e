import type { RunKind, RunOutcome, RunStatus } from '../runs/run.js';
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
}

export interface FleetRunFilter {
  readonly status?: RunStatus;
  readonly late?: boolean;
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
  /** Newest first. */
  abstract runs(filter: FleetRunFilter, limit: number): Promise<FleetRun[]>;
  /** What nights have cost, all tenants together, oldest first. */
  abstract costs(nights: number): Promise<NightCost[]>;
}
