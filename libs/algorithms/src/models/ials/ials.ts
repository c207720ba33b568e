import type { Csr } from '../../dataset/csr.js';
import type { TrainingSet } from '../../dataset/training-set.js';
import { cutRows } from '../../kernels/row-blocks.js';
import { paddedStride } from '../../kernels/symmetric-solve.js';
import type { Executor } from '../../parallel/executor.js';
import { sharedFloat32, sharedFloat64 } from '../../parallel/shared-arrays.js';
import { createRandom } from '../../statistics/random.js';
import type { Algorithm, Model } from '../algorithm.js';
import type { ModelFile } from '../model-file.js';
import { readModelFile, writeModelFile } from '../model-file.js';
import { defaultsOf, validateParameters } from '../parameters.js';
import type { IalsLoss } from './ials-kernels.js';
import { IALS_NAME, IalsModel } from './ials-model.js';
import type { IalsParams } from './ials-parameters.js';
import { IALS_PARAMETERS } from './ials-parameters.js';

/** Fixed, because the order in which partial Gram matrices are added decides their last bits. */
const GRAM_BLOCK_ROWS = 1024;
/** Multiply-adds of one task: some 20 ms, so that threads even out and a message costs next to nothing. */
const SOLVE_BLOCK_OPERATIONS = 2e7;

/** YᵀY, upper triangle: fixed row blocks, added in block order. */
async function gramOf(
  factors: Float32Array,
  rows: number,
  stride: number,
  executor: Executor,
): Promise<Float64Array> {
  const blocks = cutRows(rows, () => 1, GRAM_BLOCK_ROWS);
  const partials = await executor.map(
    'gram-block',
    blocks.map((block) => ({ factors, stride, ...block })),
  );
  const gram = sharedFloat64(stride * stride);
  for (const partial of partials) for (let i = 0; i < gram.length; i++) gram[i] += partial[i];
  return gram;
}

/** One half-sweep: overwrites `solved` with the exact minimiser for each row of `observed`, given `fixed`. */
async function solveSide(
  solved: Float32Array,
  observed: Csr,
  fixed: Float32Array,
  stride: number,
  params: IalsParams,
  executor: Executor,
): Promise<void> {
  const gram = await gramOf(fixed, observed.columns, stride, executor);
  const { regularisation, frequencyExponent, unobservedWeight, confidenceScale } = params;
  const fixedRows = observed.columns;
  const loss: IalsLoss = { fixedRows, regularisation, frequencyExponent, unobservedWeight, confidenceScale };
  const { offsets } = observed;
  const perRow = stride ** 3 / 6;
  const cost = (row: number) => perRow + ((offsets[row + 1] - offsets[row]) * stride * stride) / 2;
  const blocks = cutRows(observed.rows, cost, SOLVE_BLOCK_OPERATIONS);
  await executor.map(
    'solve-rows',
    blocks.map((block) => ({ observed, fixed, solved, gram, stride, loss, ...block })),
  );
}

/** N(0, scale²/d) in the first `factors` columns, zeros in the padding (which therefore stays zero for good). */
function initialVectors(rows: number, params: IalsParams, seed: number): Float32Array {
  const stride = paddedStride(params.factors);
  const vectors = sharedFloat32(rows * stride);
  const random = createRandom(seed, 1);
  const scale = params.initialScale / Math.sqrt(params.factors);
  for (let r = 0; r < rows; r++) {
    for (let f = 0; f < params.factors; f++) vectors[r * stride + f] = scale * random.nextGaussian();
  }
  return vectors;
}

async function fitVectors(
  data: TrainingSet,
  params: IalsParams,
  seed: number,
  executor: Executor,
  onProgress?: (share: number) => void,
): Promise<Float32Array> {
  const stride = paddedStride(params.factors);
  const products = initialVectors(data.productCount, params, seed);
  const customers = sharedFloat32(data.customerCount * stride);
  for (let sweep = 0; sweep < params.sweeps; sweep++) {
    await solveSide(customers, data.byCustomer, products, stride, params, executor);
    await solveSide(products, data.byProduct, customers, stride, params, executor);
    onProgress?.((sweep + 1) / params.sweeps);
  }
  return products;
}

export function openIals(file: ModelFile): Model {
  return new IalsModel(file);
}

/**
 * Implicit alternating least squares with frequency-scaled regularisation; sources in `ials-kernels.ts`. The product side
 * is solved last, so the stored vectors are optimal for the customers that were just solved.
 */
export const ials: Algorithm<IalsParams> = {
  name: IALS_NAME,
  parameters: IALS_PARAMETERS,
  defaults: defaultsOf<IalsParams>(IALS_PARAMETERS),
  validate: (params) => validateParameters<IalsParams>(IALS_PARAMETERS, params),
  estimateMemoryBytes({ customerCount, productCount }, { factors }) {
    const stride = paddedStride(factors);
    // Both sides' vectors, the model's copy of one, and a few d × d matrices for each of up to 64 threads.
    return 4 * stride * (customerCount + 2 * productCount) + 64 * 3 * 8 * stride * stride;
  },
  async fit(data, params, { seed, executor, onProgress }) {
    const valid = ials.validate(params);
    const stride = paddedStride(valid.factors);
    const vectors = await fitVectors(data, valid, seed, executor, onProgress);
    const gram = await gramOf(vectors, data.productCount, stride, executor);
    const bytes = writeModelFile(IALS_NAME, valid, data.productCount, { vectors, gram });
    return openIals(readModelFile(bytes, false));
  },
};
