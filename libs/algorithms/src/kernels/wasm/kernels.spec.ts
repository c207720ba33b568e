import { createRandom } from '../../statistics/random.js';
import { addGramInto } from '../symmetric-solve.js';
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
    const scratch = memory.float32(64 * width);
    kernelsOn(memory.memory, variant).gram(G.byteOffset, Y.byteOffset, rows, width, scratch.byteOffset);
    const expected = new Float64Array(width * width);
    addGramInto(expected, Float64Array.from(Y), rows, width);
    for (let i = 0; i < width; i++) {
      for (let j = i; j < width; j++) expect(G[i * width + j]).toBeCloseTo(expected[i * width + j], 3);
    }
  });
});
