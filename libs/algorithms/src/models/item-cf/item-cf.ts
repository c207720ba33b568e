import type { Csr } from '../../dataset/csr.js';
import { transpose } from '../../dataset/csr.js';
import { cutRows } from '../../kernels/row-blocks.js';
import type { Executor } from '../../parallel/executor.js';
import { sharedFloat32, sharedInt32 } from '../../parallel/shared-arrays.js';
import type { Algorithm, Model } from '../algorithm.js';
import type { ModelFile } from '../model-file.js';
import { readModelFile, writeModelFile } from '../model-file.js';
import { defaultsOf, validateParameters } from '../parameters.js';
import { rowNorms, stackBaskets } from './item-cf-kernels.js';
import { ITEM_CF_NAME, ItemCfModel } from './item-cf-model.js';
import type { ItemCfParams } from './item-cf-parameters.js';
import { ITEM_CF_PARAMETERS } from './item-cf-parameters.js';

/** Co-purchase additions of one task: some 20 ms. */
const BLOCK_OPERATIONS = 1e7;

/** products × products: row i holds the neighbours of i (best first), value = similarity. */
async function findNeighbours(
  baskets: Csr,
  params: ItemCfParams,
  executor: Executor,
  onProgress?: (share: number) => void,
): Promise<Csr> {
  const products = baskets.columns;
  const { neighbours, shrinkage } = params;
  const byProduct = transpose(baskets);
  const norms = rowNorms(byProduct);
  const outIndices = sharedInt32(products * neighbours);
  const outValues = sharedFloat32(products * neighbours);
  const shared = { baskets, byProduct, norms, shrinkage, neighbours, outIndices, outValues };
  const cost = (product: number) => {
    let sum = 100;
    for (let e = byProduct.offsets[product]; e < byProduct.offsets[product + 1]; e++) {
      const basket = byProduct.indices[e];
      sum += baskets.offsets[basket + 1] - baskets.offsets[basket];
    }
    return sum;
  };
  const blocks = cutRows(products, cost, BLOCK_OPERATIONS);
  await executor.map(
    'similar-products',
    blocks.map((block) => ({ ...shared, ...block })),
  );
  onProgress?.(0.9);
  return dropPadding(outIndices, outValues, products, neighbours);
}

function dropPadding(indices: Int32Array, values: Float32Array, rows: number, width: number): Csr {
  const offsets = sharedInt32(rows + 1);
  let filled = 0;
  for (let r = 0; r < rows; r++) {
    // Written in place: the write position never overtakes the read position.
    for (let e = r * width; e < (r + 1) * width && indices[e] >= 0; e++) {
      indices[filled] = indices[e];
      values[filled++] = values[e];
    }
    offsets[r + 1] = filled;
  }
  return {
    rows,
    columns: rows,
    offsets,
    indices: indices.subarray(0, filled),
    values: values.subarray(0, filled),
  };
}

export function openItemCf(file: ModelFile): Model {
  return new ItemCfModel(file);
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
  estimateMemoryBytes({ productCount, pairCount, orderLineCount, customerCount }, { neighbours }) {
    // Baskets and their transpose; neighbours, their transpose and the file; sums and touched lists of up to 64 threads.
    const baskets = 16 * (pairCount + orderLineCount) + 4 * customerCount;
    return baskets + 24 * productCount * neighbours + 64 * 12 * productCount;
  },
  async fit(data, params, { executor, onProgress }) {
    const valid = itemCf.validate(params);
    const baskets = stackBaskets(data.byCustomer, data.orders, valid);
    const neighboursOf = await findNeighbours(baskets, valid, executor, onProgress);
    // Turned round, so that scoring walks only the lists of what the customer has.
    const { offsets, indices: targets, values: similarities } = transpose(neighboursOf);
    const bytes = writeModelFile(ITEM_CF_NAME, valid, data.productCount, { offsets, targets, similarities });
    onProgress?.(1);
    return openItemCf(readModelFile(bytes, false));
  },
};
