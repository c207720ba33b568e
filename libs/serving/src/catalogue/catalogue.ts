import type { ProductColumns } from '../rerank/product-columns.js';

/** Names under which a list file keeps what a request computes with. */
export const CATALOGUE_PART = 'catalogue';
export const MODEL_PART = 'model';
export const NEIGHBOURS_PART = 'neighbours';

/** The night's products: what rules choose by, what a search looks through, what re-ranking knows. */
export interface Catalogue {
  readonly columns: ProductColumns;
  readonly names: readonly (string | null)[];
  readonly categories: readonly (string | null)[];
  readonly brands: readonly (string | null)[];
  /** Attributes as `key=value`. */
  readonly tags: readonly (readonly string[])[];
  /** 1 = sold that night. */
  readonly sold: Uint8Array;
  /** Decayed popularity. */
  readonly popularity: Float32Array;
  /** Whether a product that the customer already has may be offered again. */
  readonly repeatPurchases: boolean;
}

/** The promoted model, or another of the night, with what its products are called in the file. */
export interface StoredModel {
  /** Model product index to the file's, -1 for products that are gone; null where the two are the same. */
  readonly productMap: Int32Array | null;
  readonly model: Uint8Array;
}
