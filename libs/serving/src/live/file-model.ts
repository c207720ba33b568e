import { invertProductMap, loadModel, translateHistory, type Model, type Scorer } from '#libs/algorithms';
import type { StoredModel } from '../catalogue/catalogue.js';

/** Products with the strength of a preference, in the indices of the file. */
export interface History {
  readonly products: Int32Array;
  readonly values: Float32Array;
}

/** A model that speaks of the products of a list file. Not re-entrant: it owns the memory of its scorer. */
export class FileModel {
  private readonly model: Model;
  private readonly scorer: Scorer;
  private readonly scores: Float32Array;
  private readonly shares: Float32Array;
  /** File to model product; undefined where the two are the same. */
  private readonly toModel: Int32Array | undefined;

  /** @throws ModelFormatError */
  constructor(stored: StoredModel, productCount: number) {
    this.model = loadModel(stored.model);
    this.scorer = this.model.createScorer();
    this.scores = new Float32Array(this.model.productCount);
    this.shares = new Float32Array(this.model.components.length);
    this.toModel = stored.productMap === null ? undefined : invertProductMap(stored.productMap, productCount);
  }

  /** Overwrites out[p] with the score of product p over the best score: at most 1, and 0 where nothing is known. */
  scoreInto(out: Float64Array, history: History): void {
    const { toModel, scores } = this;
    const { products, values } =
      toModel === undefined ? history : translateHistory(history.products, history.values, toModel);
    this.scorer.scoreInto(scores, products, values);
    let best = 0;
    for (let m = 0; m < scores.length; m++) if (scores[m] > best) best = scores[m];
    const scale = best > 0 ? 1 / best : 0;
    for (let p = 0; p < out.length; p++) {
      const m = toModel === undefined ? p : toModel[p];
      out[p] = m < 0 ? 0 : scores[m] * scale;
    }
  }

  /** The component with the largest share in the score that the last `scoreInto` gave the product. */
  sourceOf(product: number): string {
    const { shares, toModel, model } = this;
    if (shares.length === 1) return model.components[0];
    this.scorer.explainInto(shares, toModel === undefined ? product : toModel[product]);
    let best = 0;
    for (let c = 1; c < shares.length; c++) if (shares[c] > shares[best]) best = c;
    return model.components[best];
  }
}
