import type { RerankingOverrides } from '../reranking/reranking-settings.js';
import type { TenantId } from '../tenants/tenant.js';
import type { Rule } from './rule.js';

/** What a tenant decides about its lists beside the model: rules, and how re-ranking is set. Version 0: never said anything. */
export interface Offering {
  readonly rules: readonly Rule[];
  readonly rulesVersion: number;
  readonly reranking: RerankingOverrides;
  readonly rerankingVersion: number;
}

export const OFFERING_KINDS = ['rules', 'reranking'] as const;
export type OfferingKind = (typeof OFFERING_KINDS)[number];

/** One version of the rules or the settings, with who made it and why. */
export interface OfferingChange {
  readonly kind: OfferingKind;
  readonly version: number;
  readonly document: unknown;
  readonly reason: string;
  readonly actor: string;
  readonly changedAt: Date;
}

export interface OfferingRequest {
  readonly kind: OfferingKind;
  readonly document: unknown;
  readonly reason: string;
  readonly actor: string;
  /** The version that the caller has seen; absent: whatever there is. */
  readonly expectedVersion?: number;
}

export abstract class OfferingRepository {
  abstract current(tenantId: TenantId): Promise<Offering>;
  /** Writes the next version and tells serving nodes, in one transaction; undefined when `expectedVersion` is not the newest. */
  abstract change(tenantId: TenantId, request: OfferingRequest): Promise<OfferingChange | undefined>;
  /** Newest first. */
  abstract history(tenantId: TenantId, kind: OfferingKind, limit: number): Promise<OfferingChange[]>;
  abstract retired(tenantId: TenantId): Promise<RetiredProduct[]>;
}

/** What a serving node needs of one tenant's offering. */
export interface ServedOffering extends Offering {
  readonly tenantId: TenantId;
  readonly revision: number;
  /** Products that are not offered: hidden, no longer or not yet, or so from a moment on. */
  readonly retired: readonly RetiredProduct[];
}

/** Offered from one moment until another, in epoch milliseconds; a hidden product was retired at 0. */
export interface RetiredProduct {
  readonly productId: string;
  readonly availableFrom?: number;
  readonly retiredAt?: number;
}

/** Where serving nodes read offerings; only what has changed is transferred. */
export abstract class ServedOfferingSource {
  /** Undefined when nothing has changed since `fingerprint`; otherwise the revision of each tenant that has an offering. */
  abstract revisions(
    fingerprint?: string,
  ): Promise<{ readonly fingerprint: string; readonly revisions: ReadonlyMap<TenantId, number> } | undefined>;
  abstract load(tenantIds: readonly TenantId[]): Promise<ServedOffering[]>;
}
