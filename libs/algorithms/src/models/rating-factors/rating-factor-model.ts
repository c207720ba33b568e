import { paddedStride } from '../../kernels/symmetric-solve.js';
import type { Model, Scorer } from '../algorithm.js';
import { canonicalHistory, requireLength } from '../canonical-history.js';
import type { ModelFile } from '../model-file.js';
import { feedbackInto } from './feedback-regression.js';
import type { FactorRows, RatingScale, RowPrior } from './posterior-row.js';
import { PosteriorRow } from './posterior-row.js';
import type { RatingFactorParams } from './rating-factor-parameters.js';

/** Beyond the values seen in training a prediction grows at this rate: clipped for an error, yet still in order. */
const OVERSHOOT_SLOPE = 1e-3;
/** What a prediction of 0 becomes, because a score of 0 means "unknown". */
const SMALLEST_PREDICTION = 1e-30;

/** Cells of the array `numbers`. */
export const NUMBERS = { mean: 0, deviation: 1, noisePrecision: 2, lowest: 3, highest: 4 } as const;

/** Product vectors with their uncertainty; a customer's posterior is solved exactly from the ratings at hand. */
export class RatingFactorModel implements Model {
  readonly predictsValues = true;
  readonly algorithm: string;
  readonly components: readonly string[];
  readonly params: RatingFactorParams;
  readonly productCount: number;
  private readonly products: FactorRows;
  private readonly feedback: Float32Array;
  private readonly precisions: Float64Array;
  /** 1 = rated in training. */
  private readonly known: Uint8Array;
  private readonly numbers: Float64Array;
  private readonly file: ModelFile;

  constructor(file: ModelFile) {
    this.file = file;
    this.algorithm = file.algorithm;
    this.components = [file.algorithm];
    this.params = file.params as RatingFactorParams;
    this.productCount = file.productCount;
    const stride = paddedStride(this.params.factors + 1);
    const cells = file.productCount * stride;
    this.products = {
      means: file.array('means', 'f32', cells),
      variances: file.array('variances', 'f32', cells),
    };
    this.feedback = file.array('feedback', 'f32');
    this.precisions = file.array('precisions', 'f64', stride);
    this.known = file.array('known', 'u8', file.productCount);
    this.numbers = file.array('numbers', 'f64', Object.keys(NUMBERS).length);
  }

  serialize(): Uint8Array<SharedArrayBuffer> {
    return this.file.bytes;
  }

  /**
   * Scores are expected ratings on the scale of the pair values; see `RatingFactorModel.rating` for what happens at its ends
   * and to products without ratings.
   */
  createScorer(): Scorer {
    const { productCount } = this;
    const customer = this.createFoldIn();
    return {
      scoreInto: (out, historyProducts, historyValues) => {
        requireLength(out, productCount, 'out');
        const { products, values } = canonicalHistory(historyProducts, historyValues, productCount);
        customer.foldIn(products, values);
        for (let p = 0; p < productCount; p++) out[p] = this.rating(customer.mean, p);
      },
      explainInto: (out, product) => {
        requireLength(out, 1, 'out');
        out[0] = this.rating(customer.mean, product);
      },
    };
  }

  /**
   * The half-sweep of training for one more customer: prior mean from the products rated, then the posterior. A customer of
   * the training set comes out as the next half-sweep would have it: on ML-100K that moves predictions by 0.005 (root mean
   * square, of ratings from 1 to 5) and their error by 0.0001.
   */
  private createFoldIn(): {
    readonly mean: Float64Array;
    foldIn(products: Int32Array, values: Float32Array): void;
  } {
    const { products: fixed, feedback, precisions, numbers, params } = this;
    const dimensions = params.factors + 1;
    const stride = paddedStride(dimensions);
    const scale: RatingScale = { mean: numbers[NUMBERS.mean], deviation: numbers[NUMBERS.deviation] };
    const row = new PosteriorRow(dimensions, stride, scale);
    const prior: RowPrior = { precisions, means: new Float32Array(stride) };
    const columns = { start: 0, end: feedback.length > 0 ? stride : 0 };
    const foldIn = (products: Int32Array, values: Float32Array) => {
      feedbackInto(prior.means, 0, feedback, stride, columns, products, 0, products.length);
      row.solve(fixed, prior, 0, numbers[NUMBERS.noisePrecision], products, values, 0, products.length);
    };
    return { mean: row.mean, foldIn };
  }

  /**
   * mean + deviation · (b + c + p·q), in the range of the training values but for a thousandth of what is beyond it (so that
   * a ranking has no ties there). Never exactly 0 for a product with ratings; 0, unknown, for one without.
   */
  private rating(customer: Float64Array, product: number): number {
    if (this.known[product] === 0) return 0;
    const { numbers } = this;
    const { means } = this.products;
    const at = product * customer.length;
    let sum = customer[0] + means[at];
    for (let k = 1; k < customer.length; k++) sum += customer[k] * means[at + k];
    const value = numbers[NUMBERS.mean] + numbers[NUMBERS.deviation] * sum;
    const inRange = Math.max(numbers[NUMBERS.lowest], Math.min(numbers[NUMBERS.highest], value));
    return Math.fround(inRange + OVERSHOOT_SLOPE * (value - inRange)) || SMALLEST_PREDICTION;
  }
}
