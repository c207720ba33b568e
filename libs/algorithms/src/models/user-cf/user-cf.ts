import { transpose } from '../../dataset/csr.js';
import type { Algorithm, Model } from '../algorithm.js';
import type { ModelFile } from '../model-file.js';
import { readModelFile, writeModelFile } from '../model-file.js';
import { defaultsOf, validateParameters } from '../parameters.js';
import { powersOf, productWeights, weightedNorms } from './user-cf-kernels.js';
import { UserCfModel } from './user-cf-model.js';
import type { UserCfParams } from './user-cf-parameters.js';
import { USER_CF_PARAMETERS } from './user-cf-parameters.js';

export const USER_CF_NAME = 'user-cf';

export function openUserCf(file: ModelFile): Model {
  return new UserCfModel(file);
}

/**
 * User-user collaborative filtering: score_p = Σ_{v ∈ N(u)} s_uv^amplification · x_vp over the N nearest customers, with
 * x = v^valueExponent and s the shrunk cosine (formula in `NeighbourSearch`). Nothing is learnt: the model keeps the
 * customers' rows, nameless and by index, and compares a history with all of them as it is scored.
 * Source: Herlocker, Konstan, Borchers and Riedl, "An algorithmic framework for performing collaborative filtering" (1999);
 * inverse frequency and case amplification of Breese, Heckerman and Kadie (1998), sections 2.2.2 and 2.2.3.
 */
export const userCf: Algorithm<UserCfParams> = {
  name: USER_CF_NAME,
  parameters: USER_CF_PARAMETERS,
  defaults: defaultsOf<UserCfParams>(USER_CF_PARAMETERS),
  validate: (params) => validateParameters<UserCfParams>(USER_CF_PARAMETERS, params),
  estimateMemoryBytes: ({ pairCount, customerCount, productCount }) =>
    // Both matrices twice (built, then in the file) less the shared indices; sums and touched lists of up to 64 threads.
    32 * pairCount + 16 * (customerCount + productCount) + 64 * (12 * customerCount + 8 * productCount),
  async fit(data, params, { onProgress }) {
    const valid = userCf.validate(params);
    const { valueExponent, popularityExponent } = valid;
    const values = powersOf(data.byCustomer.values, valueExponent);
    const byCustomer = { ...data.byCustomer, values };
    const byProduct = transpose(byCustomer);
    const weights = productWeights(byProduct, popularityExponent);
    const bytes = writeModelFile(USER_CF_NAME, valid, data.productCount, {
      norms: weightedNorms(byCustomer, weights),
      squaredWeights: weights.map((weight) => weight ** 2),
      customerOffsets: byCustomer.offsets,
      customerIndices: byCustomer.indices,
      customerValues: byCustomer.values,
      productOffsets: byProduct.offsets,
      productIndices: byProduct.indices,
      productValues: byProduct.values,
    });
    onProgress?.(1);
    return openUserCf(readModelFile(bytes, false));
  },
};
