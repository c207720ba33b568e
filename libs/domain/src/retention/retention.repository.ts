import type { TenantId } from '../tenants/tenant.js';
import type { RetentionPolicy } from './retention-policy.js';

/** What was removed, or would be: rows by table, files by kind. */
export type Pruned = Readonly<Record<string, number>>;

export interface RetentionRequest {
  readonly now: Date;
  readonly keptVersions: number;
  /** Counts and removes nothing. */
  readonly dryRun: boolean;
}

/** One tenant's rows. */
export abstract class RetentionRepository {
  /** In small transactions: nobody waits long for a lock, and a second attempt goes on where the first one ended. */
  abstract prune(tenantId: TenantId, policy: RetentionPolicy, request: RetentionRequest): Promise<Pruned>;
}

/** What belongs to no tenant, and who does the work. */
export abstract class FleetRetentionRepository {
  /** Sessions that have expired. */
  abstract prune(request: Pick<RetentionRequest, 'now' | 'dryRun'>): Promise<Pruned>;
  /** One worker does a day's maintenance; undefined: it is done, or somebody is at it. */
  abstract claim(day: string, leaseMs: number): Promise<number | undefined>;
  /** @throws LeaseLostError when somebody else has taken it up */
  abstract extend(day: string, attempt: number, leaseMs: number): Promise<void>;
  abstract finish(day: string, attempt: number, pruned: Pruned): Promise<void>;
}

/** Files without a port of their own. */
export abstract class RetentionFiles {
  /** Files of rejected rows, and of exports whose record is gone. */
  abstract prune(tenantId: TenantId, policy: RetentionPolicy, request: RetentionRequest): Promise<Pruned>;
}
