import { AlgorithmRangeError } from '../errors.js';
import { sharedInt32 } from '../parallel/shared-arrays.js';

/**
 * Dataset index → model index (-1 = unknown to the model).
 * @param productMap model index → dataset index, -1 = gone from the dataset
 * @throws AlgorithmRangeError INDEX_OUT_OF_RANGE; also when two model products claim one dataset product
 */
export function invertProductMap(productMap: Int32Array, datasetProductCount: number): Int32Array {
  const inverse = sharedInt32(datasetProductCount).fill(-1);
  productMap.forEach((product, modelIndex) => {
    if (product < -1 || product >= datasetProductCount || (product >= 0 && inverse[product] !== -1)) {
      throw new AlgorithmRangeError(
        'INDEX_OUT_OF_RANGE',
        'productMap',
        `${product} at ${modelIndex} is out of range or repeated`,
      );
    }
    if (product >= 0) inverse[product] = modelIndex;
  });
  return inverse;
}

/** The history in model product indices; products that the model does not know are dropped, order is kept. */
export function translateHistory(
  products: Int32Array,
  values: Float32Array,
  datasetToModel: Int32Array,
): { products: Int32Array; values: Float32Array } {
  const outProducts = new Int32Array(products.length);
  const outValues = new Float32Array(products.length);
  let filled = 0;
  for (let i = 0; i < products.length; i++) {
    const modelIndex = datasetToModel[products[i]];
    if (modelIndex < 0) continue;
    outProducts[filled] = modelIndex;
    outValues[filled++] = values[i];
  }
  return { products: outProducts.subarray(0, filled), values: outValues.subarray(0, filled) };
}
