import type { TenantId } from '../tenants/tenant.js';

/** A product as whoever writes a rule looks for it. */
export interface FoundProduct {
  readonly productId: string;
  readonly name: string | undefined;
  readonly category: string | undefined;
  readonly brand: string | undefined;
  readonly price: number | undefined;
}

/** One field of products or customers with its values, commonest first. */
export interface VocabularyField {
  readonly name: string;
  readonly values: readonly { readonly value: string; readonly count: number }[];
  /** Whether there are more values than these. */
  readonly hasMore: boolean;
}

/** What a tenant's rules can choose by: the values that its own data have. */
export interface Vocabulary {
  readonly categories: VocabularyField;
  readonly brands: VocabularyField;
  readonly productAttributes: readonly VocabularyField[];
  /** Region, country, segment, tier, age band, gender, and the tenant's own attributes. */
  readonly customerTraits: readonly VocabularyField[];
}

/** What whoever writes rules chooses from. */
export abstract class VocabularyReadModel {
  abstract vocabulary(tenantId: TenantId): Promise<Vocabulary>;
  /** Whose id begins so or whose name holds it, in capitals or not; ids first. */
  abstract searchProducts(tenantId: TenantId, text: string, limit: number): Promise<FoundProduct[]>;
  /** Those of the ids that are known. */
  abstract products(tenantId: TenantId, productIds: readonly string[]): Promise<FoundProduct[]>;
}
