import type { Csr } from '../../dataset/csr.js';
import { transpose } from '../../dataset/csr.js';
import type { GramSource } from '../product-weights/gram-rows.js';
import {
  allocateGramRows,
  allocateGramSource,
  computeGram,
  gramRowsBytes,
  gramSourceBytes,
} from '../product-weights/gram-rows.js';
import { localGramBytes } from '../product-weights/local-gram.js';
import { cutRows } from '../../kernels/row-blocks.js';
import {
  allocateTiles,
  cellOf,
  invertSymmetric,
  tileMatrixBytes,
} from '../product-weights/symmetric-inverse.js';
import { alignedBytes, KernelMemory } from '../../kernels/wasm/kernel-memory.js';
import { mapInSlices } from '../../parallel/map-in-slices.js';
import { sharedFloat32 } from '../../parallel/shared-arrays.js';
import type { FitContext } from '../algorithm.js';
import type { ModelArray } from '../model-file.js';
import { allocateWeightLists, weightArrays } from '../product-weights/weight-lists.js';
import { singular } from './ease-kernels.js';
import type { EaseParams } from './ease-parameters.js';

/** Columns of B read out by one task. */
const COLUMNS_PER_TASK = 256;
/** Multiply-adds of one task of local problems: some 20 ms. */
const BLOCK_OPERATIONS = 1e8;
/** Share of the whole fit that is over with the Gram matrix. */
const GRAM_SHARE = 0.1;

/** λ_i = λ (G_ii / mean G)^α, the mean over products that were bought at all. */
export function ridgesOf(diagonal: Float64Array, params: EaseParams): Float64Array {
  const bought = diagonal.filter((value) => value > 0);
  const mean = bought.reduce((sum, value) => sum + value, 0) / bought.length;
  const { regularisation, popularityExponent } = params;
  return diagonal.map((value) => regularisation * (value > 0 ? (value / mean) ** popularityExponent : 1));
}

/** Most weights stored for a product. */
export function roomOf(products: number, { keptWeights, neighbours, denseProducts }: EaseParams): number {
  const most = products <= denseProducts ? products : neighbours;
  return keptWeights === 0 ? most : Math.min(keptWeights, most);
}

/** Whether B is stored as a full square: where lists, which need an index for each weight, would take as much. */
export function isSquare(products: number, params: EaseParams): boolean {
  return products <= params.denseProducts && 2 * roomOf(products, params) >= products;
}

/** Bytes of the kernel memory that a fit takes. */
export function fitBytes(
  shape: { readonly customers: number; readonly products: number; readonly pairs: number },
  { denseProducts, neighbours }: EaseParams,
  threads: number,
): number {
  const { products } = shape;
  const source = gramSourceBytes(shape, threads);
  if (products <= denseProducts) return source + tileMatrixBytes(products, threads);
  const slots = alignedBytes(4 * threads) + threads * alignedBytes(localGramBytes(products, neighbours));
  return source + gramRowsBytes(products) + alignedBytes(4 * products) + slots;
}

/** The model's arrays: the weights B of products bought together in the rows of X (values > 0). */
export async function fitWeights(
  rows: Csr,
  params: EaseParams,
  context: FitContext,
): Promise<Record<string, ModelArray>> {
  const { executor, variant = 'strict' } = context;
  const shape = { customers: rows.rows, products: rows.columns, pairs: rows.offsets[rows.rows] };
  const memory = new KernelMemory(fitBytes(shape, params, executor.threads));
  const source = allocateGramSource(memory, [rows, transpose(rows)], executor.threads, variant);
  return rows.columns <= params.denseProducts
    ? weightsOfInverse(memory, source, params, context)
    : weightsOfNeighbours(memory, source, params, context);
}

/** P = (XᵀX + Λ)⁻¹ and B = -P / diag P, exactly. */
async function weightsOfInverse(
  memory: KernelMemory,
  source: GramSource,
  params: EaseParams,
  { executor, onProgress }: FitContext,
): Promise<Record<string, ModelArray>> {
  const products = source.diagonal.length;
  const matrix = allocateTiles(memory, products, executor.threads, source.variant);
  await computeGram(source, { kind: 'tiles', matrix }, executor);
  onProgress?.(GRAM_SHARE);
  const ridges = ridgesOf(source.diagonal, params);
  for (let p = 0; p < products; p++) matrix.tiles[cellOf(matrix.order, p, p)] += ridges[p];
  const report = (share: number) => onProgress?.(GRAM_SHARE + (1 - GRAM_SHARE) * share);
  if (!(await invertSymmetric(matrix, executor, report))) throw singular();
  const blocks = cutRows(products, () => 1, COLUMNS_PER_TASK);
  if (isSquare(products, params)) {
    const weights = sharedFloat32(products * products);
    await executor.map(
      'inverse-rows',
      blocks.map((block) => ({ matrix, products, weights, ...block })),
    );
    return { weights };
  }
  const lists = allocateWeightLists(products, roomOf(products, params));
  await executor.map(
    'inverse-columns',
    blocks.map((block) => ({ matrix, products, lists, ...block })),
  );
  return weightArrays(lists);
}

/** Each column of B from the products most like it alone. */
async function weightsOfNeighbours(
  memory: KernelMemory,
  gram: GramSource,
  params: EaseParams,
  { executor, onProgress }: FitContext,
): Promise<Record<string, ModelArray>> {
  const products = gram.diagonal.length;
  const rows = allocateGramRows(memory, products);
  await computeGram(gram, rows, executor);
  onProgress?.(GRAM_SHARE);
  const ridges = ridgesOf(gram.diagonal, params);
  const diagonals = memory.float32(products);
  diagonals.set(gram.diagonal.map((value, p) => value + ridges[p]));
  const candidates = params.neighbours;
  const scratch = memory.scratch(executor.threads, localGramBytes(products, candidates));
  const norms = gram.diagonal.map(Math.sqrt);
  const source = { rows, norms, diagonals, candidates, scratch, variant: gram.variant };
  const lists = allocateWeightLists(products, roomOf(products, params));
  const blocks = cutRows(products, () => candidates ** 3 / 6 + 5e5, BLOCK_OPERATIONS);
  const tasks = blocks.map((block) => ({ source, lists, ...block }));
  await mapInSlices(executor, 'ridge-columns', tasks, (share) =>
    onProgress?.(GRAM_SHARE + (1 - GRAM_SHARE) * share),
  );
  return weightArrays(lists);
}
