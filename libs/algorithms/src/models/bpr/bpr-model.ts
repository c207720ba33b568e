import { paddedStride } from '../../kernels/symmetric-solve.js';
import type { Model, Scorer } from '../algorithm.js';
import { canonicalHistory, requireLength } from '../canonical-history.js';
import type { ModelFile } from '../model-file.js';
import type { BprProducts } from './bpr-kernels.js';
import { foldInBpr } from './bpr-kernels.js';
import type { BprParams } from './bpr-parameters.js';

/** What a score of 0 becomes, because exactly 0 means "unknown". */
const SMALLEST_SCORE = 1e-30;

/**
 * Product vectors and biases. A customer's vector is learnt from the products of the history (whatever their values) against
 * seeded negatives, the same for every customer; without a history the biases rank alone.
 */
export class BprModel implements Model {
  readonly algorithm: string;
  readonly components: readonly string[];
  readonly params: BprParams;
  readonly productCount: number;
  private readonly products: BprProducts;
  /** 1 = some customer has a pair with it. */
  private readonly known: Uint8Array;
  private readonly file: ModelFile;

  constructor(file: ModelFile) {
    this.file = file;
    this.algorithm = file.algorithm;
    this.components = [file.algorithm];
    this.params = file.params as BprParams;
    this.productCount = file.productCount;
    const stride = paddedStride(this.params.factors);
    const vectors = file.array('vectors', 'f32', file.productCount * stride);
    this.products = { vectors, stride, biases: file.array('biases', 'f32', file.productCount) };
    this.known = file.array('known', 'u8', file.productCount);
  }

  serialize(): Uint8Array<SharedArrayBuffer> {
    return this.file.bytes;
  }

  createScorer(): Scorer {
    const { productCount, products, params } = this;
    const customer = new Float32Array(products.stride);
    const options = {
      epochs: params.foldInEpochs,
      rate: params.foldInRate,
      regularisation: params.customerRegularisation,
    };
    return {
      scoreInto: (out, historyProducts, historyValues) => {
        requireLength(out, productCount, 'out');
        const history = canonicalHistory(historyProducts, historyValues, productCount);
        foldInBpr(customer, products, history.products, options);
        for (let p = 0; p < productCount; p++) out[p] = this.score(customer, p);
      },
      explainInto: (out, product) => {
        requireLength(out, 1, 'out');
        out[0] = this.score(customer, product);
      },
    };
  }

  /** b + w·h; 0 for a product that nobody had in training, which has been nothing but a negative. */
  private score(customer: Float32Array, product: number): number {
    if (this.known[product] === 0) return 0;
    const { vectors, biases, stride } = this.products;
    const at = product * stride;
    let even = biases[product];
    let odd = 0;
    for (let k = 0; k < stride; k += 2) {
      even += customer[k] * vectors[at + k];
      odd += customer[k + 1] * vectors[at + k + 1];
    }
    return Math.fround(even + odd) || SMALLEST_SCORE;
  }
}
