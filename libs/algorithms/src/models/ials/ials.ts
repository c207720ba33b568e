import type { TrainingSet } from '../../dataset/training-set.js';
import { cutRows } from '../../kernels/row-blocks.js';
import { paddedStride } from '../../kernels/symmetric-solve.js';
import type { Executor } from '../../parallel/executor.js';
import { sharedFloat64 } from '../../parallel/shared-arrays.js';
import { createRandom } from '../../statistics/random.js';
import type { Algorithm, FitContext, Model } from '../algorithm.js';
import type { ModelFile } from '../model-file.js';
import { readModelFile, writeModelFile } from '../model-file.js';
import { defaultsOf, validateParameters } from '../parameters.js';
import { IALS_NAME, IalsModel } from './ials-model.js';
import type { IalsParams } from './ials-parameters.js';
import { IALS_PARAMETERS } from './ials-parameters.js';
import { estimateWorkspaceBytes, IalsWorkspace, rowStepOf } from './ials-workspace.js';

/** Fixed, because the order in which partial Gram matrices are added decides their last bits. */
const GRAM_BLOCK_ROWS = 1024;
const VANISHED = 1e-7;
/** What the memory estimate allows for. */
const MOST_THREADS = 64;

/** YᵀY in double precision, upper triangle: fixed row blocks, added in block order. */
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

/** N(0, scale²/d) in the first `factors` columns, zeros in the padding (which therefore stays zero for good). */
function fillInitialVectors(vectors: Float32Array, params: IalsParams, seed: number): void {
  const stride = paddedStride(params.factors);
  const random = createRandom(seed, 1);
  const scale = params.initialScale / Math.sqrt(params.factors);
  for (let at = 0; at < vectors.length; at += stride) {
    for (let f = 0; f < params.factors; f++) vectors[at + f] = scale * random.nextGaussian();
  }
}

/**
 * Too strong a regularisation shrinks all vectors sweep by sweep, until their fourth powers are subnormal numbers, on
 * which processors are a hundred times slower. A side of which nothing is left is nothing.
 */
function dropVanished(vectors: Float32Array): void {
  // Nearly always the first number ends it.
  for (let i = 0; i < vectors.length; i++) if (!(Math.abs(vectors[i]) < VANISHED)) return;
  vectors.fill(0);
}

/** The product vectors after all sweeps: customers given products, then products given customers. */
async function fitVectors(
  data: TrainingSet,
  params: IalsParams,
  { seed, executor, onProgress, variant = 'strict' }: FitContext,
): Promise<Float32Array> {
  const workspace = new IalsWorkspace(data, params, paddedStride(params.factors), executor, variant);
  const { customers, products } = workspace;
  fillInitialVectors(products.vectors, params, seed);
  if (params.warmUpSweeps > 0) await workspace.warmUp(params.warmUpSweeps);
  for (let sweep = 0; sweep < params.sweeps; sweep++) {
    await workspace.solveSide(customers, products);
    dropVanished(customers.vectors);
    await workspace.solveSide(products, customers);
    dropVanished(products.vectors);
    onProgress?.((sweep + 1) / params.sweeps);
  }
  return products.vectors;
}

export function openIals(file: ModelFile): Model {
  return new IalsModel(file);
}

/**
 * Implicit alternating least squares with frequency-scaled regularisation: the minimiser of
 *   Σ_{(c, p) ∈ S} (1 + α r_cp)(1 - w_c·h_p)² + α₀ Σ_c Σ_p (w_c·h_p)² + λ Σ_c (|S_c| + α₀ P)^ν |w_c|² + the same for h_p.
 * A sweep solves each row exactly, or makes one pass of block coordinate descent, or a few steps of conjugate gradients
 * from where the last sweep left it (parameter `solver`); customers are always folded in exactly. The product side is
 * solved last, so the stored vectors fit the customers that were just solved.
 * Sources: Hu, Koren and Volinsky, "Collaborative Filtering for Implicit Feedback Datasets" (2008), eq. 4; Rendle, Krichene,
 * Zhang and Koren, "Revisiting the Performance of iALS on Item Recommendation Benchmarks" (2021), eqs. 2 to 4; Rendle et
 * al., "iALS++: Speeding up Matrix Factorization with Subspace Optimization" (2021), algorithm 2; Takács,
 * Pilászy and Tikk, "Applications of the Conjugate Gradient Method for Implicit Feedback Collaborative Filtering" (2011).
 */
export const ials: Algorithm<IalsParams> = {
  name: IALS_NAME,
  parameters: IALS_PARAMETERS,
  defaults: defaultsOf<IalsParams>(IALS_PARAMETERS),
  validate: (params) => validateParameters<IalsParams>(IALS_PARAMETERS, params),
  estimateMemoryBytes(shape, { factors, solver }) {
    const stride = paddedStride(factors);
    // The model's copy of the product vectors and its Gram matrix come on top of the workspace.
    const model = 4 * stride * shape.productCount + 8 * stride * stride;
    return estimateWorkspaceBytes(shape, stride, rowStepOf(stride, solver), MOST_THREADS) + model;
  },
  async fit(data, params, context) {
    const valid = ials.validate(params);
    const vectors = await fitVectors(data, valid, context);
    const gram = await gramOf(vectors, data.productCount, paddedStride(valid.factors), context.executor);
    const bytes = writeModelFile(IALS_NAME, valid, data.productCount, { vectors, gram });
    return openIals(readModelFile(bytes, false));
  },
};
