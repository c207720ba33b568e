/**
 * A small keyed generator: every draw belongs to a key such as (seed, purpose, customer, day). Because no stream runs on
 * from one day into the next, a day's events are the same whichever day the history starts or ends on.
 *
 * Keys are mixed by two murmur3-style lanes into 128 bits, which seed sfc32 (Chris Doty-Humphrey, PractRand).
 */
const TWO_POW_MINUS_32 = 2 ** -32;

function mixKey(hash: number, key: number, multiplier: number): number {
  let mixed = Math.imul(hash ^ key, multiplier);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
  mixed = Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39);
  return mixed ^ (mixed >>> 15);
}

/** Hash of up to five keys as an unsigned 32-bit integer; keys are taken modulo 2^32. */
export function hashKeys(seed: number, k1: number, k2 = 0, k3 = 0, k4 = 0): number {
  let hash = mixKey(0x9e3779b9, seed, 0x85ebca6b);
  hash = mixKey(hash, k1, 0xc2b2ae35);
  hash = mixKey(hash, k2, 0x85ebca6b);
  hash = mixKey(hash, k3, 0xc2b2ae35);
  return mixKey(hash, k4, 0x85ebca6b) >>> 0;
}

/** Uniform in (0, 1) that belongs to the keys. */
export function uniformOfKeys(seed: number, k1: number, k2 = 0, k3 = 0, k4 = 0): number {
  return (hashKeys(seed, k1, k2, k3, k4) + 0.5) * TWO_POW_MINUS_32;
}

/** Roughly normal (0, 1) that belongs to the keys: the sum of three ten-bit uniforms, cheap enough for customer × product. */
export function noiseOfKeys(seed: number, k1: number, k2 = 0, k3 = 0, k4 = 0): number {
  const hash = hashKeys(seed, k1, k2, k3, k4);
  const sum = (hash & 1023) + ((hash >>> 10) & 1023) + ((hash >>> 20) & 1023);
  return (sum / 1023 - 1.5) * 2;
}

/** Folds a seed of any size (53-bit integers, negative numbers) into the 32 bits that keys work with. */
export function foldSeed(seed: number): number {
  if (!Number.isSafeInteger(seed)) throw new RangeError(`seed must be a safe integer, got ${seed}`);
  const high = Math.floor(seed / 2 ** 32);
  return high === 0 ? seed | 0 : mixKey(seed | 0, high | 0, 0x85ebca6b);
}

export class SeededRandom {
  #a = 0;
  #b = 0;
  #c = 0;
  #counter = 1;

  constructor(seed: number, k1 = 0, k2 = 0, k3 = 0) {
    this.reseed(seed, k1, k2, k3);
  }

  /** Starts the stream of another key in place, so that a loop over customers allocates nothing. */
  reseed(seed: number, k1: number, k2 = 0, k3 = 0): this {
    this.#a = hashKeys(seed, k1, k2, k3, 0x51);
    this.#b = hashKeys(seed, k1, k2, k3, 0x52);
    this.#c = mixKey(this.#a, this.#b, 0xc2b2ae35);
    this.#counter = 1;
    this.nextUint32();
    this.nextUint32();
    return this;
  }

  nextUint32(): number {
    const result = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + result) | 0;
    return result >>> 0;
  }

  /** Uniform in (0, 1), both ends excluded: its logarithm is always finite. */
  next(): number {
    return (this.nextUint32() + 0.5) * TWO_POW_MINUS_32;
  }

  /** Integer in [0, bound). */
  below(bound: number): number {
    return Math.floor(this.next() * bound);
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(values: readonly T[]): T {
    const value = values[this.below(values.length)];
    if (value === undefined) throw new RangeError('pick needs at least one value');
    return value;
  }
}
