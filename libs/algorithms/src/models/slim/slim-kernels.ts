import type { LocalGramSource } from '../product-weights/local-gram.js';
import { LocalGram } from '../product-weights/local-gram.js';
import type { RowBlock } from '../../kernels/row-blocks.js';
import type { KernelVariant } from '../../kernels/wasm/kernel-exports.js';
import { kernelsOn } from '../../kernels/wasm/kernel-exports.js';
import type { ScratchSlots } from '../../kernels/wasm/kernel-memory.js';
import { alignedBytes, withScratch } from '../../kernels/wasm/kernel-memory.js';
import type { WeightLists } from '../product-weights/weight-lists.js';
import { WeightKeeper } from '../product-weights/weight-lists.js';
import type { SlimParams } from './slim-parameters.js';

/** XᵀX in full, rows of `width` floats, in the kernel memory. */
export interface SquareGram {
  readonly values: Float32Array;
  readonly width: number;
  readonly products: number;
  readonly scratch: ScratchSlots;
  readonly variant: KernelVariant;
}

interface ColumnsTask extends RowBlock {
  readonly params: SlimParams;
  /** Written: columns start … end - 1. */
  readonly lists: WeightLists;
}

export interface SlimColumnsTask extends ColumnsTask {
  readonly gram: SquareGram;
}

export interface SlimLocalColumnsTask extends ColumnsTask {
  /** Diagonals G_ii. */
  readonly source: LocalGramSource;
}

/** Bytes of a scratch slot: the weights, the correlations and a list of the non-zero weights. */
export function slimScratchBytes(width: number): number {
  return 3 * alignedBytes(4 * width);
}

/** Every product may get a weight for every other. */
export function runSlimColumns(task: SlimColumnsTask): null {
  const { gram, params, lists, start, end } = task;
  const { values, width, products, scratch, variant } = gram;
  const { descendColumn } = kernelsOn(scratch.memory, variant);
  const { l1, l2, tolerance, passes } = params;
  const keeper = new WeightKeeper(lists);
  return withScratch(scratch, (at) => {
    const step = alignedBytes(4 * width);
    const weights = new Float32Array(scratch.memory.buffer, at, width);
    const correlations = new Float32Array(scratch.memory.buffer, at + step, width);
    const vectors = [at, at + step, values.byteOffset] as const;
    for (let j = start; j < end; j++) {
      weights.fill(0);
      correlations.set(values.subarray(j * width, (j + 1) * width));
      descendColumn(...vectors, width, products, j, l1, l2, tolerance, passes, at + 2 * step);
      keeper.keep(j, weights, products);
    }
    return null;
  });
}

/** Only the products most like it may get a weight for a product. */
export function runSlimLocalColumns(task: SlimLocalColumnsTask): null {
  const { source, params, lists, start, end } = task;
  const { l1, l2, tolerance, passes } = params;
  const keeper = new WeightKeeper(lists);
  return withScratch(source.scratch, (at) => {
    const local = new LocalGram(source, at);
    const { kernels, solution, right, matrix, active, width, chosen } = local;
    const vectors = [solution.byteOffset, right.byteOffset, matrix.byteOffset] as const;
    for (let j = start; j < end; j++) {
      local.gather(j);
      solution.fill(0);
      // The product itself is not among the chosen ones.
      const shape = [width, local.count, -1] as const;
      kernels.descendColumn(...vectors, ...shape, l1, l2, tolerance, passes, active.byteOffset);
      keeper.keep(j, solution, local.count, chosen);
    }
    return null;
  });
}
