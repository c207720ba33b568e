import { absorb32, mix32 } from './mix.js';

/** A seeded stream of pseudo-random numbers. */
export interface RandomSource {
  /** Uniform over [0, 2^32). */
  nextUint32(): number;
  /** Uniform over [0, 1) with 53 random bits. */
  nextFloat(): number;
  /** Uniform over [0, bound), without modulo bias; bound in [1, 2^32). */
  nextInt(bound: number): number;
  /** Standard normal (Marsaglia's polar method). */
  nextGaussian(): number;
}

/** sfc32 of PractRand (Doty-Humphrey): 128 bits of state, passes BigCrush, period at least 2^32 and 2^127 on average. */
class SmallFastCounter implements RandomSource {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;
  private spare = NaN;

  constructor(a: number, b: number, c: number) {
    this.a = a | 0;
    this.b = b | 0;
    this.c = c | 0;
    for (let i = 0; i < 12; i++) this.nextUint32();
  }

  nextUint32(): number {
    const sum = (((this.a + this.b) | 0) + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  nextFloat(): number {
    const high = this.nextUint32() >>> 5;
    const low = this.nextUint32() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }

  nextInt(bound: number): number {
    // Draws above the last whole multiple of `bound` are thrown away, or small results would come up more often.
    const limit = 4294967296 - (4294967296 % bound);
    let draw = this.nextUint32();
    while (draw >= limit) draw = this.nextUint32();
    return draw % bound;
  }

  nextGaussian(): number {
    if (!Number.isNaN(this.spare)) {
      const ready = this.spare;
      this.spare = NaN;
      return ready;
    }
    let x: number;
    let y: number;
    let squared: number;
    do {
      x = 2 * this.nextFloat() - 1;
      y = 2 * this.nextFloat() - 1;
      squared = x * x + y * y;
    } while (squared >= 1 || squared === 0);
    const scale = Math.sqrt((-2 * Math.log(squared)) / squared);
    this.spare = y * scale;
    return x * scale;
  }
}

/**
 * A random source for `seed` and an optional stream path: `createRandom(seed, customer)` gives each customer a stream
 * of its own, so that results do not depend on who is handled first or on which thread.
 * @param seed uint32
 * @param stream integers, mixed in order
 */
export function createRandom(seed: number, ...stream: number[]): RandomSource {
  let state = mix32(seed ^ 0x9e3779b9);
  for (const part of stream) state = mix32(absorb32(state, part | 0));
  // splitmix32 (the 32-bit form of Steele et al. 2014) spreads the one word over the three of the state.
  const word = (index: number) => mix32((state + Math.imul(index, 0x9e3779b9)) | 0);
  return new SmallFastCounter(word(1), word(2), word(3));
}
