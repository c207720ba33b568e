import type { Csr } from '../../dataset/csr.js';
import { TopSelector } from '../../kernels/top-selector.js';
import { sharedFloat32, sharedInt32 } from '../../parallel/shared-arrays.js';
import type { Scorer } from '../algorithm.js';
import { openVerifiedModel } from '../registry.js';
import type { Candidates } from './learn-weights.js';
import type { Normalisation } from './score-normalisation.js';
import { normaliseScores } from './score-normalisation.js';

export interface CandidatesTask {
  /** Serialised parts. */
  readonly models: readonly Uint8Array[];
  readonly normalisation: Normalisation;
  /** customers × products that the parts are asked from; these products are no candidates. */
  readonly histories: Csr;
  /** customers × products that were held out: always candidates. */
  readonly heldOut: Csr;
  /** Best products of each part that become candidates. */
  readonly perPart: number;
  readonly customers: Int32Array;
  /** Range of `customers`. */
  readonly start: number;
  readonly end: number;
}

/**
 * For each customer the products that any weights could bring to the top: the best of each part and what was held out,
 * each with its normalised score by every part. A product outside the best of all parts that some weights would lift
 * into the first ten is missed; with 100 of each part that is rare.
 */
export function runHybridCandidates(task: CandidatesTask): Candidates {
  const collector = new CandidateCollector(task);
  for (let q = task.start; q < task.end; q++) collector.collect(task.customers[q]);
  return collector.take();
}

class CandidateCollector {
  private readonly task: CandidatesTask;
  private readonly scorers: readonly Scorer[];
  private readonly scores: readonly Float32Array[];
  /** marks[p]: 1 = in the history, 2 = chosen already; zero again after each customer. */
  private readonly marks: Uint8Array;
  private readonly selector: TopSelector;
  private readonly best: Int32Array;
  private readonly bestScores: Float32Array;
  private readonly offsets: number[] = [0];
  private readonly products: number[] = [];
  private readonly relevant: number[] = [];
  private readonly normalised: number[] = [];

  constructor(task: CandidatesTask) {
    const products = task.histories.columns;
    this.task = task;
    this.scorers = task.models.map((model) => openVerifiedModel(model).createScorer());
    this.scores = task.models.map(() => new Float32Array(products));
    this.marks = new Uint8Array(products);
    this.selector = new TopSelector(task.perPart);
    this.best = new Int32Array(task.perPart);
    this.bestScores = new Float32Array(task.perPart);
  }

  collect(customer: number): void {
    const { histories, heldOut, normalisation } = this.task;
    const { offsets } = histories;
    const history = histories.indices.subarray(offsets[customer], offsets[customer + 1]);
    const values = histories.values.subarray(offsets[customer], offsets[customer + 1]);
    for (const product of history) this.marks[product] = 1;
    const first = this.products.length;
    for (let e = heldOut.offsets[customer]; e < heldOut.offsets[customer + 1]; e++)
      this.choose(heldOut.indices[e], 1);
    const factors = this.scorers.map((scorer, c) => {
      scorer.scoreInto(this.scores[c], history, values);
      return normaliseScores(this.scores[c], normalisation);
    });
    for (const scores of this.scores) this.chooseBest(scores);
    for (let i = first; i < this.products.length; i++) {
      const product = this.products[i];
      this.scores.forEach((scores, c) => this.normalised.push(factors[c] * scores[product]));
      this.marks[product] = 0;
    }
    for (const product of history) this.marks[product] = 0;
    this.offsets.push(this.products.length);
  }

  private chooseBest(scores: Float32Array): void {
    for (let p = 0; p < scores.length; p++)
      if (scores[p] !== 0 && this.marks[p] !== 1) this.selector.offer(scores[p], p);
    const count = this.selector.drainInto(this.best, this.bestScores, 0);
    for (let i = 0; i < count; i++) if (this.marks[this.best[i]] === 0) this.choose(this.best[i], 0);
  }

  private choose(product: number, relevant: number): void {
    this.marks[product] = 2;
    this.products.push(product);
    this.relevant.push(relevant);
  }

  take(): Candidates {
    const products = sharedInt32(this.products.length);
    const normalised = sharedFloat32(this.normalised.length);
    products.set(this.products);
    normalised.set(this.normalised);
    return {
      offsets: Int32Array.from(this.offsets),
      products,
      relevant: Uint8Array.from(this.relevant),
      scores: normalised,
    };
  }
}
