import { paddedStride } from '../../kernels/symmetric-solve.js';
import type { Model, Scorer } from '../algorithm.js';
import { canonicalHistory, requireLength } from '../canonical-history.js';
import type { ModelFile } from '../model-file.js';
import type { IalsParams } from './ials-parameters.js';
import { IalsRowSolver, ridgeOf, weightsOf } from './ials-row-solver.js';

export const IALS_NAME = 'ials';

/** Product vectors and their Gram matrix; a customer's vector is solved exactly from the history at hand. */
export class IalsModel implements Model {
  readonly algorithm = IALS_NAME;
  readonly components = [IALS_NAME];
  readonly params: IalsParams;
  readonly productCount: number;
  private readonly vectors: Float32Array;
  private readonly gram: Float64Array;
  private readonly stride: number;
  private readonly file: ModelFile;

  constructor(file: ModelFile) {
    this.file = file;
    this.params = file.params as IalsParams;
    this.productCount = file.productCount;
    this.stride = paddedStride(this.params.factors);
    this.vectors = file.array('vectors', 'f32', file.productCount * this.stride);
    this.gram = file.array('gram', 'f64', this.stride * this.stride);
  }

  serialize(): Uint8Array<SharedArrayBuffer> {
    return this.file.bytes;
  }

  createScorer(): Scorer {
    const { vectors, stride, productCount, params } = this;
    const unobserved = this.gram.map((value) => params.unobservedWeight * value);
    const solver = new IalsRowSolver(unobserved, stride);
    const customer = new Float32Array(stride);
    const score = (product: number) => dot(customer, vectors, product * stride, stride);
    return {
      scoreInto(out, historyProducts, historyValues) {
        requireLength(out, productCount, 'out');
        const { products, values } = canonicalHistory(historyProducts, historyValues, productCount);
        const observed = { indices: products, weights: weightsOf(values, params.confidenceScale) };
        const ridge = ridgeOf(products.length, productCount, params);
        solver.solveInto(customer, 0, vectors, observed, { start: 0, end: products.length, ridge });
        for (let p = 0; p < productCount; p++) out[p] = score(p);
      },
      explainInto(out, product) {
        requireLength(out, 1, 'out');
        out[0] = score(product);
      },
    };
  }
}

/** x · y[at …] with four partial sums: a fixed order, and no chain of additions waiting for one another. */
function dot(x: Float32Array, y: Float32Array, at: number, stride: number): number {
  let a = 0;
  let b = 0;
  let c = 0;
  let e = 0;
  for (let f = 0; f < stride; f += 4) {
    a += x[f] * y[at + f];
    b += x[f + 1] * y[at + f + 1];
    c += x[f + 2] * y[at + f + 2];
    e += x[f + 3] * y[at + f + 3];
  }
  return a + b + (c + e);
}
