import type { Csr } from '../dataset/csr.js';
import { AlgorithmRangeError } from '../errors.js';
import { cutRows } from '../kernels/row-blocks.js';
import type { KernelVariant } from '../kernels/wasm/kernel-exports.js';
import { kernelsOn } from '../kernels/wasm/kernel-exports.js';
import type { ScratchSlots } from '../kernels/wasm/kernel-memory.js';
import { alignedBytes, KernelMemory, withScratch } from '../kernels/wasm/kernel-memory.js';
import type { Executor } from '../parallel/executor.js';

/** Customers of one call: as many as the kernel packs together. */
const CUSTOMERS_PER_CALL = 64;
/** Multiply-adds of one task: some 20 ms. */
const BLOCK_OPERATIONS = 1e8;
/** Of a sum of d products in single precision: half a unit in the last place for each, and as much again. */
const NORM_SLACK = 2 ** -23;

export interface VectorRequest {
  /** rows × stride. */
  readonly customers: Float32Array;
  /** products × stride. */
  readonly products: Float32Array;
  /** Length of a vector, a multiple of 8. */
  readonly stride: number;
  /** Length of a list, integer ≥ 1. */
  readonly count: number;
  /** Per product: 0 = never ranked. */
  readonly allowed: Uint8Array;
  /** customers × products that a customer's list must not contain. */
  readonly excluded?: Csr;
  readonly executor: Executor;
  readonly variant?: KernelVariant;
}

/** Row r fills cells r · count … (r + 1) · count - 1, best first; -1 and -Infinity where a list ends early. */
export interface VectorLists {
  readonly products: Int32Array;
  readonly scores: Float32Array;
}

export interface RankByVectorsTask extends VectorLists {
  readonly scratch: ScratchSlots;
  readonly variant: KernelVariant;
  readonly customers: Float32Array;
  /** Their norms. */
  readonly lengths: Float32Array;
  /** As the kernel `packProducts` left them, in this order. */
  readonly packed: Float32Array;
  readonly order: Int32Array;
  /** Largest norm of each eight products. */
  readonly bounds: Float32Array;
  readonly productCount: number;
  readonly stride: number;
  readonly count: number;
  readonly allowed: Uint8Array;
  readonly offsets: Int32Array;
  readonly seen: Int32Array;
  readonly start: number;
  readonly end: number;
}

/** Ranks customers start … end - 1 into the shared lists. */
export function runRankByVectors(task: RankByVectorsTask): null {
  const kernels = kernelsOn(task.scratch.memory, task.variant);
  const { customers, lengths, packed, order, bounds, productCount, stride, count } = task;
  const { allowed, offsets, seen, scores, products } = task;
  return withScratch(task.scratch, (scratch) => {
    for (let start = task.start; start < task.end; start += CUSTOMERS_PER_CALL) {
      const end = Math.min(task.end, start + CUSTOMERS_PER_CALL);
      kernels.topProducts(
        ...([customers.byteOffset, lengths.byteOffset, packed.byteOffset, order.byteOffset] as const),
        ...([bounds.byteOffset, productCount, stride, count] as const),
        ...([allowed.byteOffset, offsets.byteOffset, seen.byteOffset] as const),
        ...([scores.byteOffset, products.byteOffset, start, end, scratch] as const),
      );
    }
    return null;
  });
}

function validate({ customers, products, stride, count, allowed, excluded }: VectorRequest): void {
  const refuse = (code: 'SHAPE_MISMATCH' | 'PARAMETER_INVALID', field: string, message: string) => {
    throw new AlgorithmRangeError(code, field, message);
  };
  if (!Number.isInteger(count) || count < 1)
    refuse('PARAMETER_INVALID', 'count', `${count} is not an integer ≥ 1`);
  if (!Number.isInteger(stride) || stride < 8 || stride % 8 !== 0)
    refuse('PARAMETER_INVALID', 'stride', `${stride} is not a multiple of 8`);
  for (const [field, vectors] of Object.entries({ customers, products })) {
    if (vectors.length % stride !== 0)
      refuse('SHAPE_MISMATCH', field, `${vectors.length} is no multiple of ${stride}`);
  }
  const [rows, columns] = [customers.length / stride, products.length / stride];
  if (allowed.length !== columns)
    refuse('SHAPE_MISMATCH', 'allowed', `${allowed.length} for ${columns} products`);
  if (excluded && (excluded.rows !== rows || excluded.columns !== columns))
    refuse('SHAPE_MISMATCH', 'excluded', `${excluded.rows} × ${excluded.columns} for ${rows} × ${columns}`);
}

/** Euclidean norms, rounded up so far that no sum in single precision exceeds the product of two of them. */
function normsOf(vectors: Float32Array, stride: number): Float32Array {
  const norms = new Float32Array(vectors.length / stride);
  for (let r = 0; r < norms.length; r++) {
    let sum = 0;
    for (let at = r * stride; at < (r + 1) * stride; at++) sum += vectors[at] * vectors[at];
    norms[r] = Math.sqrt(sum) * (1 + NORM_SLACK * stride);
  }
  return norms;
}

/** The products by falling norm, side by side in groups of eight, and the largest norm of each group. */
function packByNorm(memory: KernelMemory, products: Float32Array, stride: number) {
  const norms = normsOf(products, stride);
  const order = memory.copyOf(Int32Array.from(norms.keys()).sort((p, q) => norms[q] - norms[p] || p - q));
  const bounds = memory.float32(Math.ceil(norms.length / 8));
  for (let group = 0; group < bounds.length; group++) bounds[group] = norms[order[8 * group]];
  const packed = memory.float32(8 * bounds.length * stride);
  const unpacked = memory.copyOf(products);
  kernelsOn(memory.memory).packProducts(
    ...([packed.byteOffset, unpacked.byteOffset, order.byteOffset, norms.length, stride] as const),
  );
  return { packed, order, bounds };
}

/** Bytes of the kernel memory that `rankByVectors` takes. */
export function rankByVectorsBytes(
  shape: {
    readonly rows: number;
    readonly products: number;
    readonly stride: number;
    readonly count: number;
  },
  excludedPairs: number,
  threads: number,
): number {
  const { rows, products, stride, count } = shape;
  const groups = Math.ceil(products / 8);
  const arrays = [
    4 * rows * stride,
    4 * rows,
    4 * stride * groups * 8,
    4 * products * stride,
    4 * products,
    4 * groups,
    products,
    4 * (rows + 1),
    4 * excludedPairs,
  ];
  const lists = 2 * alignedBytes(4 * rows * count);
  const scratch = alignedBytes(4 * threads) + threads * alignedBytes(4 * CUSTOMERS_PER_CALL * stride);
  return arrays.reduce((sum, bytes) => sum + alignedBytes(bytes), lists + scratch);
}

/**
 * The `count` allowed products with the largest scores customer · product for every customer. Equal scores go by lower
 * product index; a score of exactly 0 is no evidence and is left out. No score is ever stored: products stream by in groups
 * of eight, longest vectors first, each customer keeps the best so far, and stops where no product left is long enough to
 * reach them (the norm bound of Teflioudi, Gemulla and Mykytiuk, "LEMP: Fast Retrieval of Large Entries in a Matrix Product",
 * 2015, section 3). The result is exact, and does not depend on the executor.
 * @throws AlgorithmRangeError SHAPE_MISMATCH, PARAMETER_INVALID
 */
export async function rankByVectors(request: VectorRequest): Promise<VectorLists> {
  validate(request);
  const { stride, count, excluded, executor, variant = 'strict' } = request;
  const [rows, productCount] = [request.customers.length / stride, request.products.length / stride];
  const shape = { rows, products: productCount, stride, count };
  const memory = new KernelMemory(rankByVectorsBytes(shape, excluded?.offsets[rows] ?? 0, executor.threads));
  const shared = {
    ...{ variant, productCount, stride, count },
    ...packByNorm(memory, request.products, stride),
    lengths: memory.copyOf(normsOf(request.customers, stride)),
    customers: memory.copyOf(request.customers),
    allowed: memory.copyOf(request.allowed),
    offsets: excluded ? memory.copyOf(excluded.offsets) : memory.int32(rows + 1),
    seen: memory.copyOf(excluded ? excluded.indices.subarray(0, excluded.offsets[rows]) : new Int32Array(0)),
    scores: memory.float32(rows * count),
    products: memory.int32(rows * count),
    scratch: memory.scratch(executor.threads, 4 * CUSTOMERS_PER_CALL * stride),
  };
  const blocks = cutRows(rows, () => (productCount + 1) * stride, BLOCK_OPERATIONS);
  await executor.map(
    'rank-by-vectors',
    blocks.map((block) => ({ ...shared, ...block })),
  );
  return { products: shared.products, scores: shared.scores };
}
