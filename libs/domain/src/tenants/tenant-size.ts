import type { TenantId } from './tenant.js';

/** Rows that a run will read. */
export interface TenantSize {
  readonly interactions: number;
  readonly customers: number;
  readonly products: number;
}

export abstract class TenantSizeReadModel {
  abstract sizeOf(tenantId: TenantId): Promise<TenantSize>;
}
