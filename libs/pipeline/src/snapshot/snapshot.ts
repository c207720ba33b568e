import type { EventColumns, ProductAttributes } from '#libs/algorithms';

/** A tenant's data at one moment; index i of a column of products or customers describes productIds[i], customerIds[i]. */
export interface Snapshot {
  readonly events: EventColumns;
  readonly productIds: readonly string[];
  readonly categories: readonly (string | null)[];
  /** NaN when unknown. */
  readonly prices: Float64Array;
  /** Names, descriptions, categories, brands and attributes as counted terms, for content-based models. */
  readonly attributes: ProductAttributes;
  /** 1 = no longer sold. */
  readonly retired: Uint8Array;
  readonly customerIds: readonly string[];
  readonly countries: readonly (string | null)[];
  readonly segments: readonly (string | null)[];
  /** Newest event, epoch seconds. */
  readonly watermarkSeconds: number;
}
