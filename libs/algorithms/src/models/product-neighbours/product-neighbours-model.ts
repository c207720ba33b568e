import type { Model, Scorer } from '../algorithm.js';
import { canonicalHistory, requireLength } from '../canonical-history.js';
import type { ModelFile } from '../model-file.js';

/** An entry met at random costs about as much as this many in a sweep over all products. */
const SWEEPS_PER_LIST_VISIT = 4;

/** Overwrites weights[0 … values.length - 1] with what each row of a history counts. */
export type HistoryWeighing = (weights: Float64Array, values: Float32Array) => void;

/**
 * For each product in a history, the products that it speaks for, with the similarity: score_j = Σ_i w_i s_ij, where w_i
 * is what the row of product i counts. Scoring walks only the lists of what the customer has.
 */
export class ProductNeighboursModel<P extends object> implements Model {
  readonly algorithm: string;
  readonly components: readonly string[];
  readonly params: P;
  readonly productCount: number;
  private readonly offsets: Int32Array;
  private readonly targets: Int32Array;
  private readonly similarities: Float32Array;
  private readonly file: ModelFile;
  private readonly weigh: HistoryWeighing;

  constructor(file: ModelFile, weigh: HistoryWeighing) {
    this.file = file;
    this.weigh = weigh;
    this.algorithm = file.algorithm;
    this.components = [file.algorithm];
    this.params = file.params as P;
    this.productCount = file.productCount;
    this.offsets = file.array('offsets', 'i32', file.productCount + 1);
    this.targets = file.array('targets', 'i32', this.offsets[file.productCount]);
    this.similarities = file.array('similarities', 'f32', this.targets.length);
  }

  serialize(): Uint8Array<SharedArrayBuffer> {
    return this.file.bytes;
  }

  createScorer(): Scorer {
    const { offsets, targets, similarities, productCount, weigh } = this;
    const sums = new ListSums(offsets, targets, productCount);
    let weights = new Float64Array(64);
    return {
      scoreInto(out, historyProducts, historyValues) {
        requireLength(out, productCount, 'out');
        const { products, values } = canonicalHistory(historyProducts, historyValues, productCount);
        if (products.length > weights.length) weights = new Float64Array(2 * products.length);
        weigh(weights, values);
        sums.start(products);
        const { cells } = sums;
        for (let i = 0; i < products.length; i++) {
          const weight = weights[i];
          const end = offsets[products[i] + 1];
          for (let e = offsets[products[i]]; e < end; e++) cells[targets[e]] += weight * similarities[e];
        }
        sums.copyInto(out);
      },
      explainInto(out, product) {
        requireLength(out, 1, 'out');
        out[0] = sums.cells[product];
      },
    };
  }
}

/** A sum per product of which a short history touches few: only those are cleared and copied then. */
class ListSums {
  readonly cells: Float64Array;
  private readonly offsets: Int32Array;
  private readonly targets: Int32Array;
  /** Whose lists have been added since the cells were all 0; a copy, since the caller may reuse the array. */
  private products = new Int32Array(0);
  private isShort = true;

  constructor(offsets: Int32Array, targets: Int32Array, productCount: number) {
    this.offsets = offsets;
    this.targets = targets;
    this.cells = new Float64Array(productCount);
  }

  /** Clears the cells; the lists of these products will be added. */
  start(products: Int32Array): void {
    const { cells, targets } = this;
    if (this.isShort) {
      this.visitLists((start, end) => {
        for (let e = start; e < end; e++) cells[targets[e]] = 0;
      });
    } else cells.fill(0);
    this.products = products.slice();
    let entries = 0;
    this.visitLists((start, end) => (entries += end - start));
    this.isShort = entries < cells.length / SWEEPS_PER_LIST_VISIT;
  }

  /** Overwrites all of `out`. */
  copyInto(out: Float32Array): void {
    const { cells, targets } = this;
    if (!this.isShort) {
      for (let p = 0; p < cells.length; p++) out[p] = cells[p];
      return;
    }
    out.fill(0);
    this.visitLists((start, end) => {
      for (let e = start; e < end; e++) out[targets[e]] = cells[targets[e]];
    });
  }

  private visitLists(visit: (start: number, end: number) => void): void {
    const { products, offsets } = this;
    for (let i = 0; i < products.length; i++) visit(offsets[products[i]], offsets[products[i] + 1]);
  }
}

/** value^exponent; a row of value 0 counts 0 even at exponent 0. */
export function powerWeighing(exponent: number): HistoryWeighing {
  return (weights, values) => {
    for (let i = 0; i < values.length; i++) weights[i] = values[i] > 0 ? values[i] ** exponent : 0;
  };
}
