import type { Csr } from '../../dataset/csr.js';
import { AlgorithmRangeError } from '../../errors.js';
import type { Executor } from '../../parallel/executor.js';
import type { RowBlock } from '../../kernels/row-blocks.js';
import { cutRows } from '../../kernels/row-blocks.js';
import type { TileMatrix } from './symmetric-inverse.js';
import { cellOf, TILE } from './symmetric-inverse.js';
import { TopSelector } from '../../kernels/top-selector.js';
import type { KernelExports, KernelVariant } from '../../kernels/wasm/kernel-exports.js';
import { kernelsOn } from '../../kernels/wasm/kernel-exports.js';
import type { ScratchSlots, KernelMemory } from '../../kernels/wasm/kernel-memory.js';
import { alignedBytes, withScratch } from '../../kernels/wasm/kernel-memory.js';

/** Multiply-adds of one task: some 20 ms. */
const BLOCK_OPERATIONS = 2e7;
/** From this many additions per column on, looking through all sums is cheaper than noting which ones were met. */
const DENSE_ADDITIONS_PER_COLUMN = 2;

/** X (customers × products, all values > 0) and its transpose, in one kernel memory. */
export interface GramSource {
  readonly byCustomer: Csr;
  readonly byProduct: Csr;
  /** Multiply-adds of each product's row of G. */
  readonly operations: Float64Array;
  /** G_ii. */
  readonly diagonal: Float64Array;
  readonly scratch: ScratchSlots;
  readonly variant: KernelVariant;
}

/** Rows of G = XᵀX without its diagonal, in a room of `capacity` entries each; the largest cosines if there are more. */
export interface GramRows {
  readonly kind: 'rows';
  readonly capacity: number;
  readonly lengths: Int32Array;
  readonly indices: Int32Array;
  readonly values: Float32Array;
}

/** Where the rows of G go: tiles for an inverse, a full square of rows of `width` floats, or sparse rows. */
export type GramTarget =
  | GramRows
  | { readonly kind: 'tiles'; readonly matrix: TileMatrix }
  | { readonly kind: 'square'; readonly width: number; readonly values: Float32Array };

function slotBytes(products: number): number {
  return alignedBytes(8 * products) + 4 * products;
}

/** Bytes that `allocateGramSource` asks of the kernel memory, for that many pairs (or more). */
export function gramSourceBytes(
  { customers, products, pairs }: Readonly<Record<'customers' | 'products' | 'pairs', number>>,
  threads: number,
): number {
  const matrices =
    4 * alignedBytes(4 * pairs) + alignedBytes(4 * customers + 4) + alignedBytes(4 * products + 4);
  return matrices + alignedBytes(4 * threads) + threads * alignedBytes(slotBytes(products));
}

/**
 * Copies X and its transpose, whose indices are those of valid `Csr` matrices, to where kernels see them.
 * @throws AlgorithmRangeError PARAMETER_INVALID if G is too large for single precision
 */
export function allocateGramSource(
  memory: KernelMemory,
  [byCustomer, byProduct]: readonly [Csr, Csr],
  threads: number,
  variant: KernelVariant,
): GramSource {
  const copyOf = (matrix: Csr): Csr => ({
    ...matrix,
    offsets: memory.copyOf(matrix.offsets),
    indices: memory.copyOf(matrix.indices),
    values: memory.copyOf(matrix.values),
  });
  const operations = new Float64Array(new SharedArrayBuffer(8 * byProduct.rows));
  const diagonal = new Float64Array(new SharedArrayBuffer(8 * byProduct.rows));
  for (let p = 0; p < byProduct.rows; p++) {
    for (let e = byProduct.offsets[p]; e < byProduct.offsets[p + 1]; e++) {
      const customer = byProduct.indices[e];
      operations[p] += byCustomer.offsets[customer + 1] - byCustomer.offsets[customer];
      diagonal[p] += byProduct.values[e] * byProduct.values[e];
    }
    // Off the diagonal G is no larger: |G_pq| ≤ √(G_pp G_qq).
    if (!(Math.fround(diagonal[p]) < Infinity)) {
      throw new AlgorithmRangeError('PARAMETER_INVALID', 'values', `the squares of product ${p} overflow`);
    }
  }
  const scratch = memory.scratch(threads, slotBytes(byProduct.rows));
  const copies = { byCustomer: copyOf(byCustomer), byProduct: copyOf(byProduct) };
  return { ...copies, operations, diagonal, scratch, variant };
}

export interface GramRowsTask extends RowBlock {
  readonly source: GramSource;
  readonly target: GramTarget;
}

/** Rows start … end - 1 of G into the target. */
export function runGramRows({ source, target, start, end }: GramRowsTask): null {
  const { scratch, variant, byProduct } = source;
  const kernels = kernelsOn(scratch.memory, variant);
  return withScratch(scratch, (at) => {
    const { buffer } = scratch.memory;
    const sums = new Float64Array(buffer, at, byProduct.rows);
    const touched = new Int32Array(buffer, at + alignedBytes(8 * byProduct.rows), byProduct.rows);
    const put = rowWriter(source, target);
    for (let p = start; p < end; p++) {
      const count = multiplyGramRow(kernels, source, p, sums, touched);
      put(p, sums, touched.subarray(0, count));
      for (let t = 0; t < count; t++) sums[touched[t]] = 0;
    }
    return null;
  });
}

/** sums[q] = Σ_c x_cp x_cq in ascending order of customers, both arrays in the kernel memory. @returns columns touched */
function multiplyGramRow(
  kernels: KernelExports,
  { byProduct, byCustomer, operations }: GramSource,
  p: number,
  sums: Float64Array,
  touched: Int32Array,
): number {
  const [start, end] = [byProduct.offsets[p], byProduct.offsets[p + 1]];
  const left = [byProduct.indices.byteOffset, byProduct.values.byteOffset, start, end] as const;
  const { offsets, indices, values } = byCustomer;
  const right = [offsets.byteOffset, indices.byteOffset, values.byteOffset] as const;
  if (operations[p] <= DENSE_ADDITIONS_PER_COLUMN * byProduct.rows) {
    return kernels.multiplyRow(sums.byteOffset, touched.byteOffset, ...left, ...right);
  }
  kernels.multiplyRowDense(sums.byteOffset, ...left, ...right);
  let count = 0;
  for (let q = 0; q < sums.length; q++) if (sums[q] !== 0) touched[count++] = q;
  return count;
}

type RowWriter = (p: number, sums: Float64Array, touched: Int32Array) => void;

function rowWriter({ diagonal }: GramSource, target: GramTarget): RowWriter {
  if (target.kind === 'rows') return sparseRowWriter(diagonal, target);
  if (target.kind === 'square') {
    const { values, width } = target;
    return (p, sums, touched) => {
      for (const q of touched) values[p * width + q] = sums[q];
    };
  }
  const { tiles, order } = target.matrix;
  return (p, sums, touched) => {
    const end = (Math.floor(p / TILE) + 1) * TILE;
    for (const q of touched) {
      if (q < p) continue;
      tiles[cellOf(order, p, q)] = sums[q];
      // Diagonal tiles are full: (q, p) lies q - p rows below (p, p).
      if (q < end) tiles[cellOf(order, p, p) + (q - p) * TILE] = sums[q];
    }
  };
}

function sparseRowWriter(diagonal: Float64Array, target: GramRows): RowWriter {
  const { capacity, lengths, indices, values } = target;
  const selector = new TopSelector(capacity);
  return (p, sums, touched) => {
    const from = p * capacity;
    let count = 0;
    if (touched.length <= capacity) {
      for (const q of touched) if (q !== p) indices[from + count++] = q;
    } else {
      selector.reset();
      for (const q of touched) if (q !== p) selector.offer(sums[q] / Math.sqrt(diagonal[q]), q);
      count = selector.drainInto(indices, values, from);
    }
    for (let e = from; e < from + count; e++) values[e] = sums[indices[e]];
    lengths[p] = count;
  };
}

/** G = XᵀX into the target, which is all 0 before. Cost: Σ over customers of the squares of their row lengths. */
export async function computeGram(source: GramSource, target: GramTarget, executor: Executor): Promise<void> {
  const { operations } = source;
  const blocks = cutRows(operations.length, (p) => 1000 + operations[p], BLOCK_OPERATIONS);
  await executor.map(
    'gram-rows',
    blocks.map((block) => ({ source, target, ...block })),
  );
}

/** Rooms of sparse rows: enough for nearly every product of a sparse world, and 2 GiB at most for all of them. */
const MOST_ROW_ENTRIES = 2048;
const MOST_ROWS_BYTES = 2 ** 31;

export function gramRowCapacity(products: number): number {
  const affordable = Math.floor(MOST_ROWS_BYTES / (8 * Math.max(1, products)));
  return Math.max(1, Math.min(products - 1, MOST_ROW_ENTRIES, affordable));
}

export function gramRowsBytes(products: number): number {
  return 2 * alignedBytes(4 * products * gramRowCapacity(products)) + alignedBytes(4 * products);
}

export function allocateGramRows(memory: KernelMemory, products: number): GramRows {
  const capacity = gramRowCapacity(products);
  const lengths = memory.int32(products);
  const indices = memory.int32(products * capacity);
  return { kind: 'rows', capacity, lengths, indices, values: memory.float32(products * capacity) };
}
