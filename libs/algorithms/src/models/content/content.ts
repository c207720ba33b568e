import { emptyCsr, transpose } from '../../dataset/csr.js';
import type { ProductAttributes } from '../../dataset/product-attributes.js';
import { validateAttributes } from '../../dataset/product-attributes.js';
import type { Algorithm, Model } from '../algorithm.js';
import type { ModelFile } from '../model-file.js';
import { readModelFile, writeModelFile } from '../model-file.js';
import { defaultsOf, validateParameters } from '../parameters.js';
import { commonCosines, productVectors } from './content-kernels.js';
import { CONTENT_NAME, ContentModel } from './content-model.js';
import type { ContentParams } from './content-parameters.js';
import { CONTENT_PARAMETERS } from './content-parameters.js';
import { priceBandsOf } from './price-bands.js';

export function openContent(file: ModelFile): Model {
  return new ContentModel(file);
}

/** A catalogue that says nothing about its products. */
function noAttributes(productCount: number): ProductAttributes {
  const prices = new Float64Array(productCount).fill(NaN);
  return { terms: emptyCsr(productCount, 0), fieldOfTerm: new Uint8Array(0), prices };
}

/**
 * Content-based recommendation: products whose text, categories, tags and price band resemble what the customer has, more
 * than what everybody has.
 *   profile = Σ_{i ∈ history} v_i^valueExponent · x_i,   average = Σ_i (customers who have i) · x_i
 *   score_p = cos(profile, x_p) - contrast · cos(average, x_p) + priceWeight · affinity(band of p)
 * with TF-IDF product vectors x (formulas in `content-kernels.ts`, `price-bands.ts`). This is Rocchio's profile, as in Lops,
 * de Gemmis and Semeraro, "Content-based recommender systems" (2011), section 3.3.1.2, with the average customer in the place
 * of the disliked documents, which purchases do not tell. Without it the most frequent terms win every comparison.
 *
 * A product nobody has bought yet is scored like any other. One without attributes scores 0, and without any attributes in
 * the training set so does every product. Scores may be negative: less like the customer than like the average.
 */
export const content: Algorithm<ContentParams> = {
  name: CONTENT_NAME,
  parameters: CONTENT_PARAMETERS,
  defaults: defaultsOf<ContentParams>(CONTENT_PARAMETERS),
  validate: (params) => validateParameters<ContentParams>(CONTENT_PARAMETERS, params),
  estimateMemoryBytes({ productCount, termCount = 0, attributeEntryCount = 0 }) {
    // Vectors by product and by term, both once more in the file; weights of terms; sums of up to 64 threads.
    const vectors = 32 * attributeEntryCount + 24 * productCount + 40 * termCount;
    return vectors + 64 * (8 * productCount + 12 * termCount);
  },
  async fit(data, params, { onProgress }) {
    const valid = content.validate(params);
    const { productCount, attributes = noAttributes(productCount) } = data;
    validateAttributes(attributes, productCount);
    const byProduct = productVectors(attributes, valid);
    const byTerm = transpose(byProduct);
    const bytes = writeModelFile(CONTENT_NAME, valid, productCount, {
      rowOffsets: byProduct.offsets,
      rowTerms: byProduct.indices,
      rowWeights: byProduct.values,
      postingOffsets: byTerm.offsets,
      postingProducts: byTerm.indices,
      postingWeights: byTerm.values,
      common: commonCosines(byProduct, data.customerCountOfProduct),
      bands: priceBandsOf(attributes, valid.priceBands, valid.categoryBandMinimum),
    });
    onProgress?.(1);
    return openContent(readModelFile(bytes, false));
  },
};
