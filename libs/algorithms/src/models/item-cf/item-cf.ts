import { transpose } from '../../dataset/csr.js';
import type { Algorithm, Model } from '../algorithm.js';
import type { ModelFile } from '../model-file.js';
import { readModelFile, writeModelFile } from '../model-file.js';
import { defaultsOf, validateParameters } from '../parameters.js';
import { estimateNeighbourBytes, findNeighbours } from '../product-neighbours/find-neighbours.js';
import { powerWeighing, ProductNeighboursModel } from '../product-neighbours/product-neighbours-model.js';
import { stackBaskets } from '../product-neighbours/stack-baskets.js';
import { similarityMeasure } from './item-cf-kernels.js';
import type { ItemCfParams } from './item-cf-parameters.js';
import { ITEM_CF_PARAMETERS } from './item-cf-parameters.js';

export const ITEM_CF_NAME = 'item-cf';

export function openItemCf(file: ModelFile): Model {
  const { valueExponent } = file.params as ItemCfParams;
  return new ProductNeighboursModel<ItemCfParams>(file, powerWeighing(valueExponent));
}

/**
 * Item-item collaborative filtering over spending-weighted co-purchase, in customers' histories and in orders (those of
 * unknown customers included): score_j = Σ_{i ∈ history} v_i^valueExponent · s_ji for the i among the N most similar of j.
 * Source: Deshpande and Karypis (2004); formulas in `item-cf-kernels.ts`.
 */
export const itemCf: Algorithm<ItemCfParams> = {
  name: ITEM_CF_NAME,
  parameters: ITEM_CF_PARAMETERS,
  defaults: defaultsOf<ItemCfParams>(ITEM_CF_PARAMETERS),
  validate: (params) => validateParameters<ItemCfParams>(ITEM_CF_PARAMETERS, params),
  estimateMemoryBytes: (shape, { neighbours }) => estimateNeighbourBytes(shape, neighbours),
  async fit(data, params, { executor, onProgress }) {
    const valid = itemCf.validate(params);
    const right = stackBaskets(data.byCustomer, data.orders, valid);
    const left = transpose(right);
    const { neighbours } = valid;
    const measure = similarityMeasure(left, valid);
    const neighboursOf = await findNeighbours({ ...measure, left, right, neighbours }, executor);
    onProgress?.(0.9);
    // Turned round, so that scoring walks only the lists of what the customer has.
    const { offsets, indices: targets, values: similarities } = transpose(neighboursOf);
    const bytes = writeModelFile(ITEM_CF_NAME, valid, data.productCount, { offsets, targets, similarities });
    onProgress?.(1);
    return openItemCf(readModelFile(bytes, false));
  },
};
