import type { Model, Scorer } from '../algorithm.js';
import { canonicalHistory, requireLength } from '../canonical-history.js';
import type { ModelFile } from '../model-file.js';
import type { SegmentedPopularityParams } from './segmented-popularity-parameters.js';

/** A popularity order per segment; which of them a customer gets is read from their history. */
export class SegmentedPopularityModel implements Model {
  readonly algorithm: string;
  readonly components: readonly string[];
  readonly params: SegmentedPopularityParams;
  readonly productCount: number;
  /** Share of each segment among the customers. */
  private readonly shares: Float64Array;
  /** Expected strengths, segments × products. */
  private readonly strengths: Float32Array;
  private readonly file: ModelFile;

  constructor(file: ModelFile) {
    this.file = file;
    this.algorithm = file.algorithm;
    this.components = [file.algorithm];
    this.params = file.params as SegmentedPopularityParams;
    this.productCount = file.productCount;
    this.shares = file.array('shares', 'f64');
    this.strengths = file.array('strengths', 'f32', this.shares.length * file.productCount);
  }

  serialize(): Uint8Array<SharedArrayBuffer> {
    return this.file.bytes;
  }

  createScorer(): Scorer {
    const { strengths, shares, productCount } = this;
    const posterior = new Float64Array(shares.length);
    const sums = new Float64Array(productCount);
    return {
      scoreInto: (out, historyProducts, historyValues) => {
        requireLength(out, productCount, 'out');
        const { products, values } = canonicalHistory(historyProducts, historyValues, productCount);
        this.posteriorInto(posterior, products, values);
        sums.fill(0);
        for (let s = 0; s < posterior.length; s++) {
          const start = s * productCount;
          for (let p = 0; p < productCount; p++) sums[p] += posterior[s] * strengths[start + p];
        }
        out.set(sums);
      },
      explainInto(out, product) {
        requireLength(out, 1, 'out');
        out[0] = sums[product];
      },
    };
  }

  /** P(s | history) ∝ share_s · Π_p θ_sp^evidence over the products had; in logarithms, the largest taken off. */
  private posteriorInto(posterior: Float64Array, products: Int32Array, values: Float32Array): void {
    const { shares, strengths, productCount } = this;
    const { evidence } = this.params;
    let largest = -Infinity;
    for (let s = 0; s < posterior.length; s++) {
      let sum = Math.log(shares[s]);
      for (let i = 0; i < products.length; i++) {
        const strength = strengths[s * productCount + products[i]];
        // A product that nothing is known of is 0 in every segment: it says nothing.
        if (values[i] > 0 && strength > 0) sum += evidence * Math.log(strength);
      }
      posterior[s] = sum;
      largest = Math.max(largest, sum);
    }
    let total = 0;
    for (let s = 0; s < posterior.length; s++) total += posterior[s] = Math.exp(posterior[s] - largest);
    for (let s = 0; s < posterior.length; s++) posterior[s] /= total;
  }
}
