import type { ApiKey, TenantId } from '#libs/domain';

/** A tenant as the process knows it, for the handlers behind the guard. */
export interface AccessedTenant {
  readonly tenantId: TenantId;
  /** The name in its address. */
  readonly slug: string;
  readonly tenant: unknown;
}

type Soon<T> = T | Promise<T>;

/** What the guard asks the process: the control plane looks into the database, the data plane into its own memory. */
export abstract class TenantAccess {
  /** Undefined when the key is malformed, unknown, wrong, expired or revoked: never which of them. */
  abstract authenticate(token: string): Soon<ApiKey | undefined>;
  /** By the key or the session, never by what an address says: nobody learns which tenants there are. */
  abstract findById(tenantId: TenantId): Soon<AccessedTenant | undefined>;
}
