import { AlgorithmRangeError } from '../errors.js';
import type { Csr } from './csr.js';

/** Where a product's term comes from. Text is cut into words; categories and tags are terms as a whole. */
export const TermField = { text: 0, category: 1, tag: 2 } as const;
export type TermField = (typeof TermField)[keyof typeof TermField];
export const TERM_FIELDS = 3;

/** What is known of products besides who buys them; see `ProductAttributesBuilder`. */
export interface ProductAttributes {
  /** products × terms; value = how often the term occurs in the product's field, a whole number ≥ 1. */
  readonly terms: Csr;
  /** `TermField` per term: the same word in two fields is two terms. Length terms.columns. */
  readonly fieldOfTerm: Uint8Array;
  /** Per product, all in one currency; NaN when unknown. */
  readonly prices: Float64Array;
}

function refuse(code: 'SHAPE_MISMATCH' | 'INDEX_OUT_OF_RANGE', field: string, message: string): never {
  throw new AlgorithmRangeError(code, `attributes.${field}`, message);
}

/**
 * Refuses attributes that do not fit the products or that would make a kernel read beside its arrays. O(entries).
 * @throws AlgorithmRangeError SHAPE_MISMATCH, INDEX_OUT_OF_RANGE
 */
export function validateAttributes(attributes: ProductAttributes, productCount: number): void {
  const { terms, fieldOfTerm, prices } = attributes;
  const { rows, columns, offsets, indices, values } = terms;
  if (rows !== productCount || offsets.length !== rows + 1)
    refuse('SHAPE_MISMATCH', 'terms', `${rows} rows for ${productCount} products`);
  if (prices.length !== productCount)
    refuse('SHAPE_MISMATCH', 'prices', `${prices.length} for ${productCount} products`);
  if (fieldOfTerm.length !== columns)
    refuse('SHAPE_MISMATCH', 'fieldOfTerm', `${fieldOfTerm.length} for ${columns} terms`);
  if (offsets[0] !== 0 || offsets[rows] > indices.length || indices.length !== values.length)
    refuse('SHAPE_MISMATCH', 'terms', 'offsets, indices and values do not belong together');
  for (let t = 0; t < columns; t++)
    if (fieldOfTerm[t] >= TERM_FIELDS)
      refuse('INDEX_OUT_OF_RANGE', 'fieldOfTerm', `${fieldOfTerm[t]} is no field`);
  for (let p = 0; p < rows; p++) {
    if (offsets[p + 1] < offsets[p]) refuse('SHAPE_MISMATCH', 'terms', `row ${p} ends before it starts`);
    for (let e = offsets[p], last = -1; e < offsets[p + 1]; last = indices[e++])
      if (indices[e] <= last || indices[e] >= columns || !(values[e] >= 1 && values[e] < Infinity))
        refuse('INDEX_OUT_OF_RANGE', 'terms', `term ${indices[e]} × ${values[e]} in row ${p}`);
  }
}
