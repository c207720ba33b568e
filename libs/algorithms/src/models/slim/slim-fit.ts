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
import { alignedBytes, KernelMemory } from '../../kernels/wasm/kernel-memory.js';
import { mapInSlices } from '../../parallel/map-in-slices.js';
import type { FitContext } from '../algorithm.js';
import type { ModelArray } from '../model-file.js';
import { allocateWeightLists, weightArrays } from '../product-weights/weight-lists.js';
import { slimScratchBytes } from './slim-kernels.js';
import type { SlimParams } from './slim-parameters.js';

/** Above, XᵀX in full would take more than 600 MB, and a product's candidates are bounded whatever was asked for. */
const DENSE_PRODUCTS = 12000;
const SPARSE_CANDIDATES = 500;
/** Largest weights kept for a product. Non-negative weights under a penalty are few. */
const KEPT_WEIGHTS = 1000;
/** Products of one task. */
const COLUMNS_PER_TASK = 16;
/** Share of the whole fit that is over with the Gram matrix. */
const GRAM_SHARE = 0.1;

/** Candidates of a product; 0 = all others. */
function candidatesOf(products: number, { candidates }: SlimParams): number {
  return candidates === 0 && products > DENSE_PRODUCTS ? SPARSE_CANDIDATES : candidates;
}

export function roomOf(products: number, params: SlimParams): number {
  const candidates = candidatesOf(products, params);
  return Math.min(KEPT_WEIGHTS, candidates === 0 ? products : candidates);
}

function squareWidth(products: number): number {
  return (products + 3) & ~3;
}

/** Bytes of the kernel memory that a fit takes. */
export function fitBytes(
  shape: { readonly customers: number; readonly products: number; readonly pairs: number },
  params: SlimParams,
  threads: number,
): number {
  const { products } = shape;
  const candidates = candidatesOf(products, params);
  const width = squareWidth(products);
  const slot = candidates === 0 ? slimScratchBytes(width) : localGramBytes(products, candidates);
  const gram =
    candidates === 0 ? 4 * products * width + 64 : gramRowsBytes(products) + alignedBytes(4 * products);
  return gramSourceBytes(shape, threads) + gram + alignedBytes(4 * threads) + threads * alignedBytes(slot);
}

/** The model's arrays: the weights W of products bought together in the rows of X (values > 0). */
export async function fitWeights(
  rows: Csr,
  params: SlimParams,
  context: FitContext,
): Promise<Record<string, ModelArray>> {
  const { executor, variant = 'strict', onProgress } = context;
  const products = rows.columns;
  const shape = { customers: rows.rows, products, pairs: rows.offsets[rows.rows] };
  const memory = new KernelMemory(fitBytes(shape, params, executor.threads));
  const source = allocateGramSource(memory, [rows, transpose(rows)], executor.threads, variant);
  const lists = allocateWeightLists(products, roomOf(products, params));
  const shared = { params, lists };
  const blocks = cutRows(products, () => 1, COLUMNS_PER_TASK).map((block) => ({ ...shared, ...block }));
  const candidates = candidatesOf(products, params);
  const report = (share: number) => onProgress?.(GRAM_SHARE + (1 - GRAM_SHARE) * share);
  if (candidates === 0) {
    const gram = await squareGram(memory, source, context);
    report(0);
    const tasks = blocks.map((block) => ({ gram, ...block }));
    await mapInSlices(executor, 'slim-columns', tasks, report);
  } else {
    const local = await localGram(memory, source, candidates, context);
    report(0);
    const tasks = blocks.map((block) => ({ source: local, ...block }));
    await mapInSlices(executor, 'slim-local-columns', tasks, report);
  }
  return weightArrays(lists);
}

async function squareGram(memory: KernelMemory, source: GramSource, { executor }: FitContext) {
  const products = source.diagonal.length;
  const width = squareWidth(products);
  const values = memory.float32(products * width);
  await computeGram(source, { kind: 'square', values, width }, executor);
  const scratch = memory.scratch(executor.threads, slimScratchBytes(width));
  return { values, width, products, scratch, variant: source.variant };
}

async function localGram(
  memory: KernelMemory,
  source: GramSource,
  candidates: number,
  { executor }: FitContext,
) {
  const products = source.diagonal.length;
  const rows = allocateGramRows(memory, products);
  await computeGram(source, rows, executor);
  const diagonals = memory.float32(products);
  diagonals.set(source.diagonal);
  const scratch = memory.scratch(executor.threads, localGramBytes(products, candidates));
  return {
    rows,
    norms: source.diagonal.map(Math.sqrt),
    diagonals,
    candidates,
    scratch,
    variant: source.variant,
  };
}
