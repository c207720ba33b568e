import type { GramRows } from './gram-rows.js';
import { TopSelector } from '../../kernels/top-selector.js';
import type { KernelExports, KernelVariant } from '../../kernels/wasm/kernel-exports.js';
import { kernelsOn } from '../../kernels/wasm/kernel-exports.js';
import type { ScratchSlots } from '../../kernels/wasm/kernel-memory.js';
import { alignedBytes } from '../../kernels/wasm/kernel-memory.js';

/** What the local problems of all products share; all arrays in the kernel memory. */
export interface LocalGramSource {
  readonly rows: GramRows;
  /** √G_ii. */
  readonly norms: Float64Array;
  /** G_ii, with whatever penalty belongs to it. */
  readonly diagonals: Float32Array;
  /** Most products that are chosen for one. */
  readonly candidates: number;
  readonly scratch: ScratchSlots;
  readonly variant: KernelVariant;
}

/** Columns of the local matrix: a multiple of 8. */
export function localWidth(candidates: number): number {
  return (candidates + 7) & ~7;
}

/** Bytes of one scratch slot. */
export function localGramBytes(products: number, candidates: number): number {
  const width = localWidth(candidates);
  return 4 * alignedBytes(4 * width) + alignedBytes(4 * products) + 4 * width * width;
}

/** The part of a Gram matrix among the products most like a given one, in a scratch slot. */
export class LocalGram {
  readonly kernels: KernelExports;
  readonly width: number;
  /** The chosen products, most similar first, and G between each and the given one; zeros beyond `count`. */
  readonly chosen: Int32Array;
  readonly right: Float32Array;
  /** Room for a solution and for as many integers. */
  readonly solution: Float32Array;
  readonly active: Int32Array;
  readonly matrix: Float32Array;
  count = 0;
  private readonly positions: Int32Array;
  private readonly selector: TopSelector;
  private readonly source: LocalGramSource;

  /** @param at byte offset of a scratch slot of `localGramBytes` */
  constructor(source: LocalGramSource, at: number) {
    const { buffer } = source.scratch.memory;
    const products = source.norms.length;
    const width = localWidth(source.candidates);
    const step = alignedBytes(4 * width);
    this.source = source;
    this.kernels = kernelsOn(source.scratch.memory, source.variant);
    this.width = width;
    this.chosen = new Int32Array(buffer, at, width);
    this.right = new Float32Array(buffer, at + step, width);
    this.solution = new Float32Array(buffer, at + 2 * step, width);
    this.active = new Int32Array(buffer, at + 3 * step, width);
    this.positions = new Int32Array(buffer, at + 4 * step, products);
    this.matrix = new Float32Array(buffer, at + 4 * step + alignedBytes(4 * products), width * width);
    this.selector = new TopSelector(source.candidates);
  }

  /** Chooses the products with the largest cosines G_pq / √(G_pp G_qq) for product p and gathers their matrix. */
  gather(p: number): void {
    const { rows, norms } = this.source;
    const from = p * rows.capacity;
    this.selector.reset();
    for (let e = from; e < from + rows.lengths[p]; e++) {
      this.selector.offer(rows.values[e] / norms[rows.indices[e]], rows.indices[e]);
    }
    this.count = this.selector.drainInto(this.chosen, this.right, 0);
    this.gatherMatrix();
    this.right.fill(0);
    this.readRight(from, rows.lengths[p]);
    for (let k = 0; k < this.count; k++) this.positions[this.chosen[k]] = 0;
  }

  /** The values of row p for the chosen products. */
  private readRight(from: number, length: number): void {
    const { indices, values } = this.source.rows;
    for (let k = 0; k < this.count; k++) this.positions[this.chosen[k]] = k + 1;
    for (let e = from; e < from + length; e++) {
      const position = this.positions[indices[e]];
      if (position > 0) this.right[position - 1] = values[e];
    }
  }

  gatherMatrix(): void {
    const { rows, diagonals } = this.source;
    const { matrix, width, chosen, count, positions } = this;
    const local = [matrix.byteOffset, width, chosen.byteOffset, count, positions.byteOffset] as const;
    const { lengths, indices, values, capacity } = rows;
    const sparse = [lengths.byteOffset, indices.byteOffset, values.byteOffset, capacity] as const;
    this.kernels.gatherGram(...local, diagonals.byteOffset, ...sparse);
  }
}
