import type { EventColumns, ProductAttributes } from '#libs/algorithms';

/** A tenant's data at one moment; index i of a column of products or customers describes productIds[i], customerIds[i]. */
export interface Snapshot {
  readonly events: EventColumns;
  readonly productIds: readonly string[];
  readonly categories: readonly (string | null)[];
  readonly names: readonly (string | null)[];
  readonly brands: readonly (string | null)[];
  /** Attributes as `key=value`. */
  readonly tags: readonly (readonly string[])[];
  /** Share of the price that is earned; NaN when unknown. */
  readonly margins: Float32Array;
  /** 1 = the tenant's own brand. */
  readonly privateLabel: Uint8Array;
  readonly promotions: SnapshotPromotions;
  /** NaN when unknown. */
  readonly prices: Float64Array;
  /** Names, descriptions, categories, brands and attributes as counted terms, for content-based models. */
  readonly attributes: ProductAttributes;
  /** 1 = not sold: no longer, or not yet. */
  readonly retired: Uint8Array;
  readonly customerIds: readonly string[];
  readonly countries: readonly (string | null)[];
  readonly segments: readonly (string | null)[];
  /** JSON texts of what else is known of customers; null for nothing. */
  readonly traits: readonly (string | null)[];
  /** Newest event, epoch seconds. */
  readonly watermarkSeconds: number;
}

/** One row for each product of each promotion; epoch seconds, open ends are infinite. */
export interface SnapshotPromotions {
  readonly product: Int32Array;
  /** Share of the price. */
  readonly discount: Float32Array;
  readonly from: Float64Array;
  readonly until: Float64Array;
}
