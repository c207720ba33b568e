import type { TenantId } from '../tenants/tenant.js';
import type { Erasure, ErasureClaim, Removed } from './erasure.js';

/** What a restored database does not know: written beside it before anything is erased. */
export interface LedgerEntry {
  readonly tenantId: TenantId;
  /** Numbers are given again after a restore: with this moment a tenant is the same one. ISO 8601. */
  readonly tenantCreatedAt: string;
  readonly erasureId: string;
  readonly erasedAt: string;
  /** Of a customer; absent: the tenant. Hexadecimal, as the key that the hash was made with. */
  readonly customer?: { readonly hash: string; readonly key: string };
}

export abstract class ErasureRepository {
  /** From this moment on nobody takes the customer in again. The same customer twice is one erasure while it lasts. */
  abstract requestCustomer(
    tenantId: TenantId,
    request: { readonly erasureId: string; readonly customerId: string; readonly requestedBy: string },
  ): Promise<string>;
  /** Revokes the tenant's keys and switches it off in the same transaction. */
  abstract requestTenant(
    tenantId: TenantId,
    request: { readonly erasureId: string; readonly requestedBy: string },
  ): Promise<string>;
  abstract find(tenantId: TenantId, erasureId: string): Promise<Erasure | undefined>;
  abstract list(tenantId: TenantId, limit: number): Promise<readonly Erasure[]>;
  /** Undefined when somebody has it, it is over, or it is not time yet. */
  abstract claim(tenantId: TenantId, erasureId: string, leaseMs: number): Promise<ErasureClaim | undefined>;
  abstract ledgerEntry(claim: ErasureClaim): Promise<LedgerEntry>;
  /** Deletes the customer's rows and writes down how many. Repeated, it finds what came in between. @throws LeaseLostError */
  abstract eraseCustomerRows(claim: ErasureClaim): Promise<number>;
  /** Deletes every row of the tenant, itself last; its receipt stays with the platform. @throws LeaseLostError */
  abstract eraseTenantRows(claim: ErasureClaim): Promise<void>;
  /** @throws LeaseLostError */
  abstract note(claim: ErasureClaim, removed: readonly Removed[]): Promise<void>;
  /** What still works with a picture from before: a run, an export, an import. Undefined: nothing. */
  abstract blockedBy(claim: ErasureClaim): Promise<string | undefined>;
  /** The copy takes the file's place in publications and pointer. @throws LeaseLostError */
  abstract replaceListFile(
    claim: ErasureClaim,
    change: { readonly from: string; readonly to: string; readonly sha256: string },
  ): Promise<'replaced' | 'unused'>;
  abstract postpone(claim: ErasureClaim, waitingFor: string, forMs: number): Promise<void>;
  /** The id is forgotten, its hash stays. @throws LeaseLostError */
  abstract finish(claim: ErasureClaim): Promise<void>;
  /** Puts an erasure back that a restored database does not know. Answers how many customers were there again. */
  abstract replay(entry: LedgerEntry): Promise<number>;
}

/** All tenants: the platform's side. */
export abstract class FleetErasureRepository {
  abstract claimable(): Promise<readonly { tenantId: TenantId; erasureId: string; attempt: number }[]>;
  /** The receipt of a tenant that is gone. */
  abstract tenantErasure(erasureId: string): Promise<Erasure | undefined>;
}

/** The data plane's side. */
export abstract class ErasureAcknowledgements {
  /** @throws UnavailableError: may be said again */
  abstract add(tenantId: TenantId, erasureId: string, nodeId: string): Promise<void>;
}

/** Outlives the database: what was erased must stay erased after a restore. */
export abstract class ErasureLedger {
  /** Durable when it resolves. */
  abstract append(entry: LedgerEntry): Promise<void>;
  abstract entries(): Promise<readonly LedgerEntry[]>;
}

/** What lies beside the database and has no port of its own. */
export abstract class ErasureFiles {
  /** Finished exports hold everybody's lists: they go, and can be asked for again. */
  abstract removeExports(tenantId: TenantId): Promise<number>;
  /** Rejected rows in which a value is the customer's id. */
  abstract removeRejectedRows(tenantId: TenantId, customerId: string): Promise<number>;
  abstract rejectedRows(tenantId: TenantId, customerId: string): Promise<unknown[]>;
  /** Everything of a tenant that is not an artifact or a list file. */
  abstract removeTenant(tenantId: TenantId): Promise<readonly Removed[]>;
}
