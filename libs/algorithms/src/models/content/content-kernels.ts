import type { Csr } from '../../dataset/csr.js';
import type { ProductAttributes } from '../../dataset/product-attributes.js';
import { TERM_FIELDS, TermField } from '../../dataset/product-attributes.js';
import { sharedFloat32, sharedInt32 } from '../../parallel/shared-arrays.js';
import type { ContentParams } from './content-parameters.js';

/** How many products have the term; a CSR row names a term once. */
function documentFrequencies({ terms }: ProductAttributes): Int32Array {
  const frequencies = new Int32Array(terms.columns);
  for (let e = 0; e < terms.offsets[terms.rows]; e++) frequencies[terms.indices[e]]++;
  return frequencies;
}

/** How many products have any term of the field. */
function documentCounts({ terms, fieldOfTerm }: ProductAttributes): Int32Array {
  const counts = new Int32Array(TERM_FIELDS);
  const seenIn = new Int32Array(TERM_FIELDS).fill(-1);
  for (let p = 0; p < terms.rows; p++) {
    for (let e = terms.offsets[p]; e < terms.offsets[p + 1]; e++) {
      const field = fieldOfTerm[terms.indices[e]];
      if (seenIn[field] !== p) counts[field]++;
      seenIn[field] = p;
    }
  }
  return counts;
}

/**
 * Smoothed inverse document frequency within the term's field, ln((1 + N_f) / (1 + n_t)) + 1; 0 for terms left out.
 */
export function inverseFrequencies(attributes: ProductAttributes, params: ContentParams): Float64Array {
  const { fieldOfTerm } = attributes;
  const frequencies = documentFrequencies(attributes);
  const counts = documentCounts(attributes);
  const weights = fieldWeights(params);
  const inverse = new Float64Array(frequencies.length);
  for (let t = 0; t < inverse.length; t++) {
    const field = fieldOfTerm[t];
    const isCommonWord =
      field === TermField.text && frequencies[t] > params.maxTextShare * counts[TermField.text];
    if (frequencies[t] < params.minDocuments || isCommonWord || weights[field] === 0) continue;
    inverse[t] = Math.log((1 + counts[field]) / (1 + frequencies[t])) + 1;
  }
  return inverse;
}

/** Weight of each `TermField`. */
function fieldWeights(params: ContentParams): Float64Array {
  const weights = new Float64Array(TERM_FIELDS);
  weights[TermField.text] = params.textWeight;
  weights[TermField.category] = params.categoryWeight;
  weights[TermField.tag] = params.tagWeight;
  return weights;
}

/** Kept terms get the ids 0, 1, … in their order, others -1. */
function compactIds(inverse: Float64Array): { ids: Int32Array; kept: number } {
  let kept = 0;
  const ids = Int32Array.from(inverse, (idf) => (idf > 0 ? kept++ : -1));
  return { ids, kept };
}

/**
 * products × kept terms, each row of length 1 (or empty). With c_pt the count of term t in product p, per field f
 *   x_pt = (1 + ln c_pt) · idf_t,   v_p = Σ_f w_f · x_pf / |x_pf|,   row = v_p / |v_p|
 * so that a long description cannot drown a category. Source: Salton and Buckley, "Term-weighting approaches in automatic
 * text retrieval" (1988), their logarithmic tf and idf with cosine normalisation. Cost: O(entries).
 */
export function productVectors(attributes: ProductAttributes, params: ContentParams): Csr {
  const { terms, fieldOfTerm } = attributes;
  const inverse = inverseFrequencies(attributes, params);
  const { ids, kept } = compactIds(inverse);
  const weights = fieldWeights(params);
  const entries = terms.offsets[terms.rows];
  const offsets = sharedInt32(terms.rows + 1);
  const indices = sharedInt32(entries);
  const values = sharedFloat32(entries);
  const scales = new Float64Array(TERM_FIELDS);
  let filled = 0;
  for (let p = 0; p < terms.rows; p++) {
    const [start, end] = [terms.offsets[p], terms.offsets[p + 1]];
    fieldScalesInto(scales, terms, start, end, fieldOfTerm, inverse, weights);
    for (let e = start; e < end; e++) {
      const term = terms.indices[e];
      if (ids[term] < 0) continue;
      indices[filled] = ids[term];
      values[filled++] = scales[fieldOfTerm[term]] * (1 + Math.log(terms.values[e])) * inverse[term];
    }
    offsets[p + 1] = filled;
  }
  return {
    rows: terms.rows,
    columns: kept,
    offsets,
    indices: indices.subarray(0, filled),
    values: values.subarray(0, filled),
  };
}

/** scales[f] = w_f / |x_pf| / |v_p| of the product whose entries are start … end - 1; 0 for a field without terms. */
function fieldScalesInto(
  scales: Float64Array,
  terms: Csr,
  start: number,
  end: number,
  fieldOfTerm: Uint8Array,
  inverse: Float64Array,
  weights: Float64Array,
): void {
  scales.fill(0);
  for (let e = start; e < end; e++) {
    const term = terms.indices[e];
    scales[fieldOfTerm[term]] += ((1 + Math.log(terms.values[e])) * inverse[term]) ** 2;
  }
  // Each part has the length of its weight, and the parts stand at right angles.
  let squared = 0;
  for (let f = 0; f < TERM_FIELDS; f++) if (scales[f] > 0) squared += weights[f] ** 2;
  for (let f = 0; f < TERM_FIELDS; f++)
    if (scales[f] > 0) scales[f] = weights[f] / Math.sqrt(scales[f] * squared);
}

/**
 * Per product: cos(average customer, product), where the average customer is Σ_p n_p x_p over the numbers n_p of customers
 * who have product p; all 0 while nobody has anything. Cost: O(entries).
 * @param byProduct rows of length 1, or empty
 */
export function commonCosines(byProduct: Csr, customerCounts: Int32Array): Float32Array {
  const { rows, columns, offsets, indices, values } = byProduct;
  const average = new Float64Array(columns);
  for (let p = 0; p < rows; p++)
    for (let e = offsets[p]; e < offsets[p + 1]; e++) average[indices[e]] += customerCounts[p] * values[e];
  let squared = 0;
  for (let t = 0; t < columns; t++) squared += average[t] ** 2;
  const scale = squared > 0 ? 1 / Math.sqrt(squared) : 0;
  const cosines = sharedFloat32(rows);
  for (let p = 0; p < rows; p++) {
    let sum = 0;
    for (let e = offsets[p]; e < offsets[p + 1]; e++) sum += average[indices[e]] * values[e];
    cosines[p] = scale * sum;
  }
  return cosines;
}
