import { paddedStride } from '../../kernels/symmetric-solve.js';
import type { Model, Scorer, VectorModel } from '../algorithm.js';
import type { ModelFile } from '../model-file.js';
import type { IalsParams } from './ials-parameters.js';
import { foldInCustomers } from './fold-in-customers.js';
import type { FittedIals } from './ials-scorer.js';
import { IalsScorer } from './ials-scorer.js';

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
    return new IalsScorer(this.fitted);
  }

  /** @see VectorModel */
  get vectorModel(): VectorModel {
    const { vectors, stride } = this;
    return {
      stride,
      products: vectors,
      foldIn: (histories, executor) => foldInCustomers(this.fitted, histories, executor),
    };
  }

  private get fitted(): FittedIals {
    const { vectors, stride, productCount, params } = this;
    const unobserved = this.gram.map((value) => params.unobservedWeight * value);
    return { params, productCount, stride, vectors, unobserved };
  }
}
