import type { NightHistory } from '../runs/night.js';
import type { TenantId } from './tenant.js';

/** What a tenant serves right now. */
export interface ServedModel {
  readonly modelVersion: number;
  readonly algorithm: string;
  readonly customerLists: number;
  readonly fallbackLists: number;
  readonly publishedAt: Date;
  /** The served version's metrics, as its night recorded them. */
  readonly metrics: Readonly<Record<string, unknown>>;
}

export interface TenantSummary {
  readonly customers: number;
  readonly products: number;
  readonly interactions: number;
  readonly lastInteractionAt: Date | undefined;
  readonly served: ServedModel | undefined;
  readonly history: NightHistory;
}

/** A tenant at a glance: counted when asked for, kept nowhere. */
export abstract class TenantSummaryReadModel {
  abstract summarise(tenantId: TenantId): Promise<TenantSummary>;
  /** A customer with a history, to try the endpoint with; `undefined` when nobody has one. */
  abstract sampleCustomer(tenantId: TenantId): Promise<string | undefined>;
}
