import type { NamedLists } from '../lists/open-own-lists.js';
import type { TenantId } from '../tenants/tenant.js';

export interface CustomerProfileRow {
  readonly customerId: string;
  readonly country: string | undefined;
  readonly region: string | undefined;
  readonly segment: string | undefined;
  readonly tier: string | undefined;
  readonly ageBand: string | undefined;
  readonly gender: string | undefined;
}

export interface PastInteraction {
  readonly type: string;
  readonly productId: string;
  readonly productName: string | undefined;
  readonly occurredAt: Date;
  readonly quantity: number | undefined;
  readonly unitPrice: number | undefined;
}

export interface CustomerDetail extends CustomerProfileRow {
  readonly interactions: number;
  /** Newest first; the newest hundred. */
  readonly history: readonly PastInteraction[];
}

/** What people look up about single customers. */
export abstract class CustomerReadModel {
  /** Whose id begins so, by id. */
  abstract search(tenantId: TenantId, beginning: string, limit: number): Promise<CustomerProfileRow[]>;
  /** Undefined for somebody of whom nothing is known. */
  abstract find(tenantId: TenantId, customerId: string): Promise<CustomerDetail | undefined>;
  abstract productNames(
    tenantId: TenantId,
    productIds: readonly string[],
  ): Promise<ReadonlyMap<string, string>>;
  /** The newest lists that were made with a model version; undefined where it never got any. */
  abstract listsOf(tenantId: TenantId, modelVersion: number): Promise<NamedLists | undefined>;
}
