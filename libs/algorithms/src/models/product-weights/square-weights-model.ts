import type { Model, Scorer } from '../algorithm.js';
import { canonicalHistory, requireLength } from '../canonical-history.js';
import type { ModelFile } from '../model-file.js';
import type { HistoryWeighing } from '../product-neighbours/product-neighbours-model.js';

/** A weight for every pair of products: score_j = Σ_i w_i B_ij, where w_i is what the row of product i counts. */
export class SquareWeightsModel<P extends object> implements Model {
  readonly algorithm: string;
  readonly components: readonly string[];
  readonly params: P;
  readonly productCount: number;
  /** Row i: the weights of product i for all products. */
  private readonly weights: Float32Array;

  constructor(
    private readonly file: ModelFile,
    private readonly weigh: HistoryWeighing,
  ) {
    this.algorithm = file.algorithm;
    this.components = [file.algorithm];
    this.params = file.params as P;
    this.productCount = file.productCount;
    this.weights = file.array('weights', 'f32', file.productCount ** 2);
  }

  serialize(): Uint8Array<SharedArrayBuffer> {
    return this.file.bytes;
  }

  createScorer(): Scorer {
    const { weights, productCount, weigh } = this;
    const sums = new Float64Array(productCount);
    let counts = new Float64Array(64);
    return {
      scoreInto(out, historyProducts, historyValues) {
        requireLength(out, productCount, 'out');
        const { products, values } = canonicalHistory(historyProducts, historyValues, productCount);
        if (products.length > counts.length) counts = new Float64Array(2 * products.length);
        weigh(counts, values);
        sums.fill(0);
        let i = 0;
        for (; i + 4 <= products.length; i += 4) addFourRows(sums, weights, products, counts, i);
        for (; i < products.length; i++) addRow(sums, weights, products[i], counts[i]);
        out.set(sums);
      },
      explainInto(out, product) {
        requireLength(out, 1, 'out');
        out[0] = sums[product];
      },
    };
  }
}

function addRow(sums: Float64Array, weights: Float32Array, product: number, count: number): void {
  const row = product * sums.length;
  for (let j = 0; j < sums.length; j++) sums[j] += count * weights[row + j];
}

/** Four rows at a time, so that each sum is read and written once for four additions. */
function addFourRows(
  sums: Float64Array,
  weights: Float32Array,
  products: Int32Array,
  counts: Float64Array,
  from: number,
): void {
  const n = sums.length;
  const [a, b, c, d] = [0, 1, 2, 3].map((k) => products[from + k] * n);
  const [u, v, w, x] = [0, 1, 2, 3].map((k) => counts[from + k]);
  for (let j = 0; j < n; j++) {
    sums[j] += u * weights[a + j] + v * weights[b + j] + (w * weights[c + j] + x * weights[d + j]);
  }
}
