import type { Model, Scorer } from '../algorithm.js';
import { canonicalHistory, requireLength } from '../canonical-history.js';
import type { ModelFile } from '../model-file.js';
import type { ContentParams } from './content-parameters.js';
import { bandAffinityInto } from './price-bands.js';

export const CONTENT_NAME = 'content';

/** Product vectors by product, to sum up a customer's profile, and by term, to find what resembles it. */
export class ContentModel implements Model {
  readonly algorithm = CONTENT_NAME;
  readonly components = [CONTENT_NAME];
  readonly params: ContentParams;
  readonly productCount: number;
  private readonly rowOffsets: Int32Array;
  private readonly rowTerms: Int32Array;
  private readonly rowWeights: Float32Array;
  private readonly postingOffsets: Int32Array;
  private readonly postingProducts: Int32Array;
  private readonly postingWeights: Float32Array;
  private readonly common: Float32Array;
  private readonly bands: Uint8Array;
  private readonly file: ModelFile;

  constructor(file: ModelFile) {
    this.file = file;
    this.params = file.params as ContentParams;
    this.productCount = file.productCount;
    this.rowOffsets = file.array('rowOffsets', 'i32', file.productCount + 1);
    const entries = this.rowOffsets[file.productCount];
    this.rowTerms = file.array('rowTerms', 'i32', entries);
    this.rowWeights = file.array('rowWeights', 'f32', entries);
    this.postingOffsets = file.array('postingOffsets', 'i32');
    this.postingProducts = file.array('postingProducts', 'i32', entries);
    this.postingWeights = file.array('postingWeights', 'f32', entries);
    this.common = file.array('common', 'f32', file.productCount);
    this.bands = file.array('bands', 'u8', file.productCount);
  }

  serialize(): Uint8Array<SharedArrayBuffer> {
    return this.file.bytes;
  }

  createScorer(): Scorer {
    const { productCount, bands, common } = this;
    const { contrast, priceWeight, priceBands, valueExponent } = this.params;
    const profile = new Profile(this.postingOffsets.length - 1);
    const weightOfBand = new Float64Array(priceBands + 1);
    const affinity = new Float64Array(priceBands + 1);
    const sums = new Float64Array(productCount);
    return {
      scoreInto: (out, historyProducts, historyValues) => {
        requireLength(out, productCount, 'out');
        const { products, values } = canonicalHistory(historyProducts, historyValues, productCount);
        profile.reset();
        weightOfBand.fill(0);
        for (let i = 0; i < products.length; i++) {
          if (values[i] === 0) continue;
          const weight = values[i] ** valueExponent;
          this.addProduct(profile, products[i], weight);
          weightOfBand[bands[products[i]]] += weight;
        }
        bandAffinityInto(affinity, weightOfBand);
        // Without a profile there is nothing to set off against the average.
        const offset = profile.count > 0 ? contrast : 0;
        for (let p = 0; p < productCount; p++)
          sums[p] = priceWeight * affinity[bands[p]] - offset * common[p];
        this.addCosines(sums, profile);
        out.set(sums);
      },
      explainInto(out, product) {
        requireLength(out, 1, 'out');
        out[0] = sums[product];
      },
    };
  }

  /** profile += weight · vector of the product. */
  private addProduct(profile: Profile, product: number, weight: number): void {
    const end = this.rowOffsets[product + 1];
    for (let e = this.rowOffsets[product]; e < end; e++)
      profile.add(this.rowTerms[e], weight * this.rowWeights[e]);
  }

  /** sums[p] += cos(profile, p). Cost: the products that share each of the profile's terms. */
  private addCosines(sums: Float64Array, profile: Profile): void {
    const { postingOffsets, postingProducts, postingWeights } = this;
    const scale = profile.inverseNorm();
    for (let i = 0; i < profile.count; i++) {
      const term = profile.terms[i];
      const weight = scale * profile.weights[term];
      const end = postingOffsets[term + 1];
      for (let e = postingOffsets[term]; e < end; e++) sums[postingProducts[e]] += weight * postingWeights[e];
    }
  }
}

/** A sparse vector over terms that forgets in time proportional to its entries. All weights are positive. */
class Profile {
  readonly weights: Float64Array;
  /** The terms with a weight, in the order of their first appearance; the first `count` cells. */
  readonly terms: Int32Array;
  count = 0;

  constructor(termCount: number) {
    this.weights = new Float64Array(termCount);
    this.terms = new Int32Array(termCount);
  }

  reset(): void {
    for (let i = 0; i < this.count; i++) this.weights[this.terms[i]] = 0;
    this.count = 0;
  }

  add(term: number, weight: number): void {
    // A weight that underflowed says nothing, and a 0 would make its term appear twice.
    if (!(weight > 0)) return;
    if (this.weights[term] === 0) this.terms[this.count++] = term;
    this.weights[term] += weight;
  }

  /** 1 / Euclidean length; 0 when empty. */
  inverseNorm(): number {
    let squared = 0;
    for (let i = 0; i < this.count; i++) squared += this.weights[this.terms[i]] ** 2;
    return squared > 0 ? 1 / Math.sqrt(squared) : 0;
  }
}
