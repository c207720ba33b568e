import type { Model, Scorer } from '../algorithm.js';
import { canonicalHistory, requireLength } from '../canonical-history.js';
import type { ModelFile } from '../model-file.js';
import type { HybridParams } from './hybrid-parameters.js';
import { DEFAULT_WEIGHTS } from './hybrid-parameters.js';
import { normaliseScores } from './score-normalisation.js';

export const HYBRID_NAME = 'hybrid';

/**
 * Weighted sum of its parts' normalised scores: score_p = Σ_c w_c · n_c(s_c)_p. By default n divides by the part's largest
 * score for this customer: the best product of a part counts its full weight, nothing known counts 0, and a part without
 * any positive score (a customer without history) drops out, which leaves the popularity order. For the other
 * normalisations see `score-normalisation.ts`. Source: Burke, "Hybrid recommender systems" (2002), section 3.1; as
 * CombSUM, Fox and Shaw (1994).
 */
export class HybridModel implements Model {
  readonly algorithm = HYBRID_NAME;
  /** Names of the parts, in the order of their weights and of `explainInto`. */
  readonly components: readonly string[];
  readonly params: HybridParams;
  readonly productCount: number;
  private readonly parts: readonly Model[];
  private readonly weights: Float64Array;
  private readonly file: ModelFile;

  constructor(file: ModelFile, open: (bytes: Uint8Array) => Model) {
    this.file = file;
    this.params = file.params as HybridParams;
    this.productCount = file.productCount;
    // Files from before parts could be chosen name none: they hold the three of the template.
    this.components = Object.keys(this.params.parts ?? DEFAULT_WEIGHTS);
    this.weights = file.array('weights', 'f64', this.components.length);
    this.parts = this.components.map((name) => open(file.array(name, 'u8')));
  }

  serialize(): Uint8Array<SharedArrayBuffer> {
    return this.file.bytes;
  }

  createScorer(): Scorer {
    const { productCount, weights } = this;
    const normalisation = this.params.normalisation ?? 'max';
    const scorers = this.parts.map((part) => part.createScorer());
    const scores = this.parts.map(() => new Float32Array(productCount));
    const factors = new Float64Array(weights.length);
    const sums = new Float64Array(productCount);
    return {
      scoreInto(out, historyProducts, historyValues) {
        requireLength(out, productCount, 'out');
        const { products, values } = canonicalHistory(historyProducts, historyValues, productCount);
        sums.fill(0);
        scorers.forEach((scorer, c) => {
          // A part without weight is not worth its time.
          if (weights[c] === 0) return;
          const part = scores[c];
          scorer.scoreInto(part, products, values);
          const factor = weights[c] * normaliseScores(part, normalisation);
          for (let p = 0; p < productCount; p++) sums[p] += factor * part[p];
          factors[c] = factor;
        });
        out.set(sums);
      },
      explainInto(out, product) {
        requireLength(out, weights.length, 'out');
        for (let c = 0; c < weights.length; c++) out[c] = factors[c] * scores[c][product];
      },
    };
  }
}
