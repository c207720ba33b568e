import type { Csr } from '../../dataset/csr.js';
import { cutRows } from '../../kernels/row-blocks.js';
import { alignedBytes, KernelMemory } from '../../kernels/wasm/kernel-memory.js';
import type { Executor } from '../../parallel/executor.js';
import { solveScratchBytes } from './ials-kernels.js';
import type { FittedIals } from './ials-scorer.js';
import { squareOf } from './ials-scorer.js';
import { ridgeOf, weightsOf } from './ials-row-solver.js';

const EXACT = { kind: 'exact' } as const;
/** Multiply-adds of one task: some 20 ms. */
const BLOCK_OPERATIONS = 1e8;

/**
 * The exact vectors of many customers at once, given their histories in model product indices: rows × stride.
 * Memory: the product vectors, the histories and the result once each.
 */
export async function foldInCustomers(
  model: FittedIals,
  histories: Csr,
  executor: Executor,
): Promise<Float32Array> {
  const { params, productCount, stride, vectors, unobserved } = model;
  const { rows, offsets, indices, values } = histories;
  const pairs = offsets[rows];
  const slot = solveScratchBytes(stride, EXACT, 0);
  const lengths = [
    rows + 1,
    pairs,
    pairs,
    rows,
    rows * stride,
    vectors.length,
    stride * stride,
    executor.threads,
  ];
  const bytes = lengths.reduce(
    (sum, length) => sum + alignedBytes(4 * length),
    executor.threads * alignedBytes(slot),
  );
  const memory = new KernelMemory(bytes);
  const ridges = memory.float32(rows);
  for (let r = 0; r < rows; r++) ridges[r] = ridgeOf(offsets[r + 1] - offsets[r], productCount, params);
  const solved = {
    rows,
    offsets: memory.copyOf(offsets.subarray(0, rows + 1)),
    indices: memory.copyOf(indices.subarray(0, pairs)),
    weights: memory.copyOf(weightsOf(values.subarray(0, pairs), params.confidenceScale)),
    ridges,
    vectors: memory.float32(rows * stride),
    longest: 0,
  };
  const fixed = memory.copyOf(vectors);
  const gram = memory.copyOf(squareOf(unobserved, stride));
  const scratch = memory.scratch(executor.threads, slot);
  const cost = (row: number) => stride ** 3 / 6 + ((offsets[row + 1] - offsets[row]) * stride * stride) / 2;
  await executor.map(
    'solve-rows',
    cutRows(rows, cost, BLOCK_OPERATIONS).map((block) => ({
      ...{ scratch, variant: 'strict' as const, solved, fixed, gram, stride, step: EXACT },
      ...block,
    })),
  );
  return solved.vectors;
}
