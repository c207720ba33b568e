import type { TenantId } from '../tenants/tenant.js';

/** How many requests this node has answered on a day in UTC, of the tenants that have a quota. */
export interface NodeRequests {
  readonly nodeId: string;
  /** `2026-11-21`. */
  readonly day: string;
  readonly requests: ReadonlyMap<TenantId, number>;
}

export abstract class TenantRequestsRepository {
  /** Tells what this node has answered, and learns what all others have. @throws UnavailableError */
  abstract exchange(own: NodeRequests): Promise<ReadonlyMap<TenantId, number>>;
}
