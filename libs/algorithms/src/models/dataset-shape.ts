import type { TrainingSet } from '../dataset/training-set.js';
import type { DatasetShape } from './algorithm.js';

/** What a memory estimate needs to know of a training set. */
export function datasetShapeOf(data: TrainingSet): DatasetShape {
  const { customerCount, productCount, byCustomer, orders, attributes } = data;
  return {
    customerCount,
    productCount,
    pairCount: byCustomer.indices.length,
    orderLineCount: orders.indices.length,
    termCount: attributes?.terms.columns ?? 0,
    attributeEntryCount: attributes?.terms.indices.length ?? 0,
  };
}
