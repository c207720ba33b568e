import { createRandom } from '../../statistics/random.js';
import { addGramInto } from '../symmetric-solve.js';
import { TopSelector } from '../top-selector.js';
import { kernelsOn } from './kernel-exports.js';
import { KernelMemory } from './kernel-memory.js';

const VARIANTS = ['strict', 'relaxed'] as const;

function gaussians(memory: KernelMemory, length: number, seed: number): Float32Array {
  const random = createRandom(seed, 2);
  return fill(memory.float32(length), () => random.nextGaussian());
}

function fill(array: Float32Array, value: () => number): Float32Array {
  for (let i = 0; i < array.length; i++) array[i] = value();
  return array;
}

describe.each(VARIANTS)('gram (%s)', (variant) => {
  it.each([
    [8, 0],
    [8, 1],
    [24, 63],
    [24, 64],
    [40, 200],
  ])('is the upper triangle of YᵀY for %i columns and %i rows', (width, rows) => {
    const memory = new KernelMemory(1e6);
    const Y = gaussians(memory, rows * width, 1);
    const G = memory.float32(width * width).fill(NaN);
    kernelsOn(memory.memory, variant).gram(G.byteOffset, Y.byteOffset, rows, width);
    const expected = new Float64Array(width * width);
    addGramInto(expected, Float64Array.from(Y), rows, width);
    for (let i = 0; i < width; i++) {
      for (let j = i; j < width; j++) expect(G[i * width + j]).toBeCloseTo(expected[i * width + j], 3);
    }
  });
});

describe.each(VARIANTS)('topProducts (%s)', (variant) => {
  const [customers, products, width, k] = [70, 131, 16, 7];
  const memory = new KernelMemory(4e6);
  // Small integers: sums are exact whatever the rounding, and ties are many.
  const random = createRandom(5, 0);
  const integer = () => random.nextInt(5) - 2;
  const X = fill(memory.float32(customers * width), integer);
  const Y = fill(memory.float32(products * width), integer);
  const allowed = memory.uint8(products).map((_, p) => (p % 10 === 3 ? 0 : 1));
  const offsets = memory.int32(customers + 1);
  const seen = memory.int32(customers * 4);
  for (let c = 0; c < customers; c++) {
    offsets[c + 1] = offsets[c] + (c % 5);
    for (let e = offsets[c]; e < offsets[c + 1]; e++) seen[e] = (c % 20) + 25 * (e - offsets[c]);
  }
  const dot = (c: number, p: number) => {
    let sum = 0;
    for (let f = 0; f < width; f++) sum += X[c * width + f] * Y[p * width + f];
    return sum;
  };

  it('keeps the best of each customer, the lower index of equals, and nothing that is seen, retired or 0', () => {
    const packed = memory.float32(((products + 7) & ~7) * width);
    const shownAllowed = memory.copyOf(allowed);
    const scores = memory.float32(customers * k);
    const lists = memory.int32(customers * k);
    const scratch = memory.float32(64 * width);
    const kernels = kernelsOn(memory.memory, variant);
    kernels.packProducts(packed.byteOffset, Y.byteOffset, products, width);
    kernels.topProducts(
      ...([X.byteOffset, packed.byteOffset, products, width, k] as const),
      ...([shownAllowed.byteOffset, offsets.byteOffset, seen.byteOffset] as const),
      ...([scores.byteOffset, lists.byteOffset, 0, customers, scratch.byteOffset] as const),
    );
    const selector = new TopSelector(k);
    for (let c = 0; c < customers; c++) {
      const hidden = seen.subarray(offsets[c], offsets[c + 1]);
      selector.reset();
      for (let p = 0; p < products; p++) {
        const score = dot(c, p);
        if (allowed[p] === 1 && score !== 0 && !hidden.includes(p)) selector.offer(score, p);
      }
      const [bestProducts, bestScores] = [new Int32Array(k), new Float32Array(k)];
      expect(selector.drainInto(bestProducts, bestScores, 0)).toBe(k);
      expect([...lists.subarray(c * k, (c + 1) * k)]).toEqual([...bestProducts]);
      expect([...scores.subarray(c * k, (c + 1) * k)]).toEqual([...bestScores]);
    }
  });
});
