import type { AuditEntry, AuditHead } from './audit-trail.js';

/** What operators change in the fleet as a whole, in one chain of the same form as a tenant's. */
export abstract class FleetTrailRepository {
  /** Newest first. @param before entries with a lower sequence only */
  abstract page(limit: number, before?: number): Promise<AuditEntry[]>;
  /** All of them, oldest first, and the head of the same moment. */
  abstract read(): Promise<{ readonly head: AuditHead | undefined; readonly entries: readonly AuditEntry[] }>;
}
