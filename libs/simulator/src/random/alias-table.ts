import type { SeededRandom } from './seeded-random.js';

/** Categorical draws in O(1) after O(n) preparation: Walker's alias method in Vose's form. */
export class AliasTable {
  readonly #keep: Float64Array;
  readonly #alias: Uint32Array;

  constructor(weights: ArrayLike<number>) {
    const n = weights.length;
    let total = 0;
    for (let i = 0; i < n; i++) total += checkedWeight(weights[i]!);
    if (!(total > 0) || total === Infinity)
      throw new RangeError('an alias table needs a positive, finite total weight');
    this.#keep = new Float64Array(n).fill(1);
    this.#alias = Uint32Array.from({ length: n }, (_, i) => i);
    this.#build(weights, n / total);
  }

  draw(random: SeededRandom): number {
    const column = random.below(this.#keep.length);
    return random.next() < this.#keep[column]! ? column : this.#alias[column]!;
  }

  #build(weights: ArrayLike<number>, scale: number): void {
    const scaled = Float64Array.from(weights, (weight) => weight * scale);
    const small: number[] = [];
    const large: number[] = [];
    scaled.forEach((weight, i) => (weight < 1 ? small : large).push(i));
    while (small.length > 0 && large.length > 0) {
      const under = small.pop()!;
      const over = large.pop()!;
      this.#keep[under] = scaled[under]!;
      this.#alias[under] = over;
      scaled[over] = scaled[over]! + scaled[under]! - 1;
      (scaled[over]! < 1 ? small : large).push(over);
    }
    // What is left is 1 up to rounding, except weights of exactly 0, which must never be drawn.
    for (const i of small) if (weights[i] === 0) this.#redirectZero(i, weights);
  }

  #redirectZero(i: number, weights: ArrayLike<number>): void {
    this.#keep[i] = 0;
    this.#alias[i] = Array.from(weights).findIndex((weight) => weight > 0);
  }
}

function checkedWeight(weight: number): number {
  if (!(weight >= 0)) throw new RangeError(`a weight must be at least 0, got ${weight}`);
  return weight;
}
