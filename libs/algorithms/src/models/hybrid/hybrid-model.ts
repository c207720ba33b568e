import type { Model, Scorer } from '../algorithm.js';
import { canonicalHistory, requireLength } from '../canonical-history.js';
import type { ModelFile } from '../model-file.js';

export const HYBRID_NAME = 'hybrid';

/** Names of the parts inside the file, in the order of their weights; also the order of `explainInto`. */
export const HYBRID_PARTS = ['ials', 'item-cf', 'popularity'] as const;

/** 1 / largest score, or 0 when a part has nothing positive to say about this customer. */
function inverseOfLargest(scores: Float32Array): number {
  let largest = 0;
  for (let p = 0; p < scores.length; p++) if (scores[p] > largest) largest = scores[p];
  return largest > 0 ? 1 / largest : 0;
}

/**
 * Weighted sum of its parts' scores, each divided by the part's largest score for this customer: score_p = Σ_c w_c ·
 * s_cp / max_q s_cq. The best product of a part thus counts its full weight, nothing known counts 0, and a part without
 * any positive score (a customer without history) drops out, which leaves the popularity order.
 */
export class HybridModel implements Model {
  readonly algorithm = HYBRID_NAME;
  readonly components: readonly string[] = HYBRID_PARTS;
  readonly params: object;
  readonly productCount: number;
  private readonly parts: readonly Model[];
  private readonly weights: Float64Array;
  private readonly file: ModelFile;

  constructor(file: ModelFile, open: (bytes: Uint8Array) => Model) {
    this.file = file;
    this.params = file.params;
    this.productCount = file.productCount;
    this.weights = file.array('weights', 'f64', HYBRID_PARTS.length);
    this.parts = HYBRID_PARTS.map((name) => open(file.array(name, 'u8')));
  }

  serialize(): Uint8Array<SharedArrayBuffer> {
    return this.file.bytes;
  }

  createScorer(): Scorer {
    const { productCount, weights } = this;
    const scorers = this.parts.map((part) => part.createScorer());
    const scores = this.parts.map(() => new Float32Array(productCount));
    const factors = new Float64Array(weights.length);
    return {
      scoreInto(out, historyProducts, historyValues) {
        requireLength(out, productCount, 'out');
        const { products, values } = canonicalHistory(historyProducts, historyValues, productCount);
        scorers.forEach((scorer, c) => {
          // A part without weight is not worth its time.
          if (weights[c] > 0) scorer.scoreInto(scores[c], products, values);
          factors[c] = weights[c] * inverseOfLargest(scores[c]);
        });
        const [first, second, third] = scores;
        const [f, g, h] = factors;
        for (let p = 0; p < productCount; p++) out[p] = f * first[p] + g * second[p] + h * third[p];
      },
      explainInto(out, product) {
        requireLength(out, weights.length, 'out');
        for (let c = 0; c < weights.length; c++) out[c] = factors[c] * scores[c][product];
      },
    };
  }
}
