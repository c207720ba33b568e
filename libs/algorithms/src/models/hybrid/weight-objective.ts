import { TopSelector } from '../../kernels/top-selector.js';
import type { Candidates } from './learn-weights.js';

const LIST_LENGTH = 10;

/** NDCG@10 of a weighted sum, averaged over customers, from the cached scores of their candidates. */
export class WeightObjective {
  readonly parts: number;
  private readonly blocks: readonly Candidates[];
  private readonly selector = new TopSelector(LIST_LENGTH);
  private readonly entries = new Int32Array(LIST_LENGTH);
  private readonly entryScores = new Float32Array(LIST_LENGTH);
  private readonly discounts = Float64Array.from({ length: LIST_LENGTH }, (_, i) => 1 / Math.log2(i + 2));

  constructor(blocks: readonly Candidates[], parts: number) {
    this.blocks = blocks;
    this.parts = parts;
  }

  /** O(candidates × parts). Customers in a fixed order: the same bits whatever the executor. */
  ndcg(weights: readonly number[]): number {
    let sum = 0;
    let customers = 0;
    for (const block of this.blocks) {
      for (let q = 0; q + 1 < block.offsets.length; q++) sum += this.customerNdcg(block, q, weights);
      customers += block.offsets.length - 1;
    }
    return sum / customers;
  }

  private customerNdcg(block: Candidates, q: number, weights: readonly number[]): number {
    const { offsets, relevant, scores } = block;
    const { parts, selector, discounts } = this;
    let toFind = 0;
    for (let i = offsets[q]; i < offsets[q + 1]; i++) {
      toFind += relevant[i];
      let score = 0;
      for (let c = 0; c < parts; c++) score += weights[c] * scores[i * parts + c];
      if (score !== 0) selector.offer(score, i);
    }
    const listed = selector.drainInto(this.entries, this.entryScores, 0);
    let gained = 0;
    let ideal = 0;
    for (let rank = 0; rank < LIST_LENGTH; rank++) {
      if (rank < listed) gained += relevant[this.entries[rank]] * discounts[rank];
      if (rank < toFind) ideal += discounts[rank];
    }
    return gained / ideal;
  }
}
