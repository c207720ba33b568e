/**
 * The best `capacity` of a stream of (score, index) pairs: a bounded binary heap with the worst kept entry at its root, in
 * flat arrays that are reused from one stream to the next. Higher score first, equal scores by lower index, so the result
 * does not depend on the order of the stream. O(log capacity) for an entry that gets in, O(1) for one that does not.
 */
export class TopSelector {
  readonly capacity: number;
  size = 0;
  private readonly scores: Float64Array;
  private readonly indices: Int32Array;

  constructor(capacity: number) {
    this.capacity = capacity;
    this.scores = new Float64Array(capacity);
    this.indices = new Int32Array(capacity);
  }

  reset(): void {
    this.size = 0;
  }

  offer(score: number, index: number): void {
    if (this.size < this.capacity) {
      this.siftUp(this.size++, score, index);
      return;
    }
    const worst = this.scores[0];
    if (score < worst || (score === worst && index > this.indices[0]) || this.capacity === 0) return;
    this.siftDown(score, index, this.size);
  }

  /**
   * Moves the entries out, best first, to out[start …] and leaves the selector empty.
   * @returns how many there were
   */
  drainInto(indices: Int32Array, scores: Float32Array, start: number): number {
    const count = this.size;
    for (let last = count - 1; last >= 0; last--) {
      indices[start + last] = this.indices[0];
      scores[start + last] = this.scores[0];
      this.siftDown(this.scores[last], this.indices[last], last);
    }
    this.size = 0;
    return count;
  }

  private isWorse(scoreA: number, indexA: number, scoreB: number, indexB: number): boolean {
    return scoreA < scoreB || (scoreA === scoreB && indexA > indexB);
  }

  private siftUp(from: number, score: number, index: number): void {
    let hole = from;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if (!this.isWorse(score, index, this.scores[parent], this.indices[parent])) break;
      this.scores[hole] = this.scores[parent];
      this.indices[hole] = this.indices[parent];
      hole = parent;
    }
    this.scores[hole] = score;
    this.indices[hole] = index;
  }

  /** Puts the entry in place of the root of a heap of `size` entries. */
  private siftDown(score: number, index: number, size: number): void {
    const { scores, indices } = this;
    let hole = 0;
    for (let child = 1; child < size; child = 2 * hole + 1) {
      const right = child + 1;
      if (right < size && this.isWorse(scores[right], indices[right], scores[child], indices[child]))
        child = right;
      if (!this.isWorse(scores[child], indices[child], score, index)) break;
      scores[hole] = scores[child];
      indices[hole] = indices[child];
      hole = child;
    }
    scores[hole] = score;
    indices[hole] = index;
  }
}
