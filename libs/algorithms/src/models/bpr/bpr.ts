import type { Csr } from '../../dataset/csr.js';
import type { TrainingSet } from '../../dataset/training-set.js';
import { paddedStride } from '../../kernels/symmetric-solve.js';
import { sharedFloat32, sharedInt32 } from '../../parallel/shared-arrays.js';
import { createRandom } from '../../statistics/random.js';
import type { Algorithm, FitContext, Model } from '../algorithm.js';
import type { ModelFile } from '../model-file.js';
import { readModelFile, writeModelFile } from '../model-file.js';
import { defaultsOf, validateParameters } from '../parameters.js';
import type { BprProducts } from './bpr-kernels.js';
import { BprModel } from './bpr-model.js';
import type { BprParams } from './bpr-parameters.js';
import { BPR_PARAMETERS } from './bpr-parameters.js';

const NAME = 'bpr';

/** N(0, scale²/d) in the first `factors` columns, zeros in the padding. */
function initialVectors(rows: number, params: BprParams, seed: number, side: number): Float32Array {
  const stride = paddedStride(params.factors);
  const vectors = sharedFloat32(rows * stride);
  const random = createRandom(seed, 1, side);
  const scale = params.initialScale / Math.sqrt(params.factors);
  for (let r = 0; r < rows; r++) {
    for (let k = 0; k < params.factors; k++) vectors[r * stride + k] = scale * random.nextGaussian();
  }
  return vectors;
}

function customersOfPairs({ rows, offsets, indices }: Csr): Int32Array {
  const out = sharedInt32(indices.length);
  for (let r = 0; r < rows; r++) out.fill(r, offsets[r], offsets[r + 1]);
  return out;
}

async function fitProducts(
  data: TrainingSet,
  params: BprParams,
  { seed, executor, onProgress }: FitContext,
): Promise<BprProducts> {
  const stride = paddedStride(params.factors);
  const products = {
    vectors: initialVectors(data.productCount, params, seed, 1),
    biases: sharedFloat32(data.productCount),
    stride,
  };
  const task = {
    observed: data.byCustomer,
    customerOf: customersOfPairs(data.byCustomer),
    customers: initialVectors(data.customerCount, params, seed, 0),
    products,
    regularisation: {
      customers: params.customerRegularisation,
      products: params.productRegularisation,
      biases: params.biasRegularisation,
    },
    seed,
  };
  for (let epoch = 0; epoch < params.epochs; epoch++) {
    const rate = params.learningRate * (1 - epoch / params.epochs);
    await executor.map('bpr-epoch', [{ ...task, rate, epoch }]);
    onProgress?.((epoch + 1) / params.epochs);
  }
  return products;
}

export function openBpr(file: ModelFile): Model {
  return new BprModel(file);
}

/**
 * Matrix factorisation by Bayesian personalised ranking (Rendle, Freudenthaler, Gantner and Schmidt-Thieme, UAI 2009): learns
 * to put the products that a customer has before those not, Σ ln σ(x̂_uij) - λ‖Θ‖² → max with x̂_ui = b_i + w_u·h_i; steps in
 * `bpr-kernels.ts`. Pair values do not count, only that there is a pair.
 */
export const bpr: Algorithm<BprParams> = {
  name: NAME,
  parameters: BPR_PARAMETERS,
  defaults: defaultsOf<BprParams>(BPR_PARAMETERS),
  validate: (params) => validateParameters<BprParams>(BPR_PARAMETERS, params),
  estimateMemoryBytes({ customerCount, productCount, pairCount }, { factors }) {
    const stride = paddedStride(factors);
    return 4 * (stride * (customerCount + 2 * productCount) + 2 * productCount + pairCount) + productCount;
  },
  async fit(data, params, context) {
    const valid = bpr.validate(params);
    const { vectors, biases } = await fitProducts(data, valid, context);
    const known = Uint8Array.from(data.customerCountOfProduct, (customers) => (customers > 0 ? 1 : 0));
    const bytes = writeModelFile(NAME, valid, data.productCount, { vectors, biases, known });
    return openBpr(readModelFile(bytes, false));
  },
};
