import type { Csr } from './csr.js';

/** What models are fitted on: customers, products and orders as sparse matrices; all arrays over shared memory. */
export interface TrainingSet {
  readonly customerCount: number;
  readonly productCount: number;
  /** customers × products; value = age-decayed strengths of the pair summed, less rejections; only values > 0. */
  readonly byCustomer: Csr;
  /** Transpose of `byCustomer`: products × customers. */
  readonly byProduct: Csr;
  /** orders × products; decayed strength of the purchases in the order, those of unknown customers included. */
  readonly orders: Csr;
  /** Per product: decayed strength over all events (unknown customers included), floor 0. */
  readonly popularity: Float32Array;
  /** Per product: how many known customers have a pair with it. */
  readonly customerCountOfProduct: Int32Array;
}
