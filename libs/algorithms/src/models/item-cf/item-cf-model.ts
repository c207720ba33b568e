import type { Model, Scorer } from '../algorithm.js';
import { canonicalHistory, requireLength } from '../canonical-history.js';
import type { ModelFile } from '../model-file.js';
import type { ItemCfParams } from './item-cf-parameters.js';

export const ITEM_CF_NAME = 'item-cf';

/** For each product in a history, the products that count it among their neighbours, with the similarity. */
export class ItemCfModel implements Model {
  readonly algorithm = ITEM_CF_NAME;
  readonly components = [ITEM_CF_NAME];
  readonly params: ItemCfParams;
  readonly productCount: number;
  private readonly offsets: Int32Array;
  private readonly targets: Int32Array;
  private readonly similarities: Float32Array;
  private readonly file: ModelFile;

  constructor(file: ModelFile) {
    this.file = file;
    this.params = file.params as ItemCfParams;
    this.productCount = file.productCount;
    this.offsets = file.array('offsets', 'i32', file.productCount + 1);
    this.targets = file.array('targets', 'i32', this.offsets[file.productCount]);
    this.similarities = file.array('similarities', 'f32', this.targets.length);
  }

  serialize(): Uint8Array<SharedArrayBuffer> {
    return this.file.bytes;
  }

  createScorer(): Scorer {
    const { offsets, targets, similarities, productCount } = this;
    const { valueExponent } = this.params;
    const sums = new Float64Array(productCount);
    return {
      scoreInto(out, historyProducts, historyValues) {
        requireLength(out, productCount, 'out');
        const { products, values } = canonicalHistory(historyProducts, historyValues, productCount);
        sums.fill(0);
        for (let i = 0; i < products.length; i++) {
          const weight = values[i] ** valueExponent;
          const end = offsets[products[i] + 1];
          for (let e = offsets[products[i]]; e < end; e++) sums[targets[e]] += weight * similarities[e];
        }
        out.set(sums);
      },
      explainInto(out, product) {
        requireLength(out, 1, 'out');
        out[0] = sums[product];
      },
    };
  }
}
