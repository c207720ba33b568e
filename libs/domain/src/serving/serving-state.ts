import type { ApiKey } from '../keys/api-key.js';
import type { LifecycleState } from '../lifecycle/lifecycle-state.js';
import type { ServingPointer } from '../registry/model-version.js';
import type { TenantId } from '../tenants/tenant.js';

export interface ServedTenant {
  readonly tenantId: TenantId;
  readonly slug: string;
  readonly state: LifecycleState;
  readonly stateChangedAt: Date;
  /** Absent before the first promotion. */
  readonly pointer: ServingPointer | undefined;
  /** See Tenant. */
  readonly requestsPerDay?: number;
}

/** A customer whom nobody may be told anything about any more, as a hash. */
export interface ServedErasure {
  readonly tenantId: TenantId;
  readonly erasureId: string;
  /** Hexadecimal: see `customerHash`. */
  readonly hash: string;
  /** Whether the stores of the platform no longer have the customer. Absent: not yet. */
  readonly done?: boolean;
  readonly key: string;
}

/** Everything that a serving node must know to answer, as it was in the database at one moment. */
export interface ServingState {
  readonly tenants: readonly ServedTenant[];
  readonly keys: readonly ApiKey[];
  /** Under way, or so young that a node may still hold lists from before. Absent: none. */
  readonly erasures?: readonly ServedErasure[];
  /** Differs whenever anything above differs. */
  readonly fingerprint: string;
}

/** Where the state comes from; the list store and this are all that a serving node has of the rest of the platform. */
export abstract class ServingStateSource {
  /** Undefined when nothing has changed since `knownFingerprint`. */
  abstract load(knownFingerprint?: string): Promise<ServingState | undefined>;
  /** Whether this key is there now, expired or revoked ones included. */
  abstract hasKey(keyId: string): Promise<boolean>;
}
