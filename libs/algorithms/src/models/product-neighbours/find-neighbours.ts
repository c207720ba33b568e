import type { Csr } from '../../dataset/csr.js';
import { cutRows } from '../../kernels/row-blocks.js';
import { hasFlatRows, rowOperations } from '../../kernels/sparse-product.js';
import type { Executor } from '../../parallel/executor.js';
import { sharedFloat32, sharedInt32 } from '../../parallel/shared-arrays.js';
import type { DatasetShape } from '../algorithm.js';
import type { SimilarityMeasure } from './similar-products.js';

/** Co-purchase additions of one task: some 10 ms. */
const BLOCK_OPERATIONS = 1e7;
/** Added to a product's cost for what it takes whatever its baskets. */
const PRODUCT_OPERATIONS = 100;

export interface NeighbourSearch extends SimilarityMeasure {
  /** Products × baskets and baskets × products. */
  readonly left: Csr;
  readonly right: Csr;
  readonly neighbours: number;
}

/**
 * products × products: row i holds the neighbours of i, best first, value = similarity. The formula is that of
 * `SimilarityMeasure`; the work is cut by the data alone.
 */
export async function findNeighbours(search: NeighbourSearch, executor: Executor): Promise<Csr> {
  const { left, neighbours } = search;
  const right = { ...search.right, isFlat: hasFlatRows(search.right) };
  const products = left.rows;
  const operations = new Float64Array(products);
  const outStarts = sharedInt32(products + 1);
  for (let i = 0; i < products; i++) {
    operations[i] = rowOperations(left, i, right);
    // A product has no more neighbours than others, nor than entries in its baskets.
    outStarts[i + 1] = outStarts[i] + Math.min(neighbours, operations[i], products);
  }
  const outIndices = sharedInt32(outStarts[products]);
  const outValues = sharedFloat32(outStarts[products]);
  const blocks = cutRows(products, (i) => PRODUCT_OPERATIONS + operations[i], BLOCK_OPERATIONS);
  await executor.map(
    'similar-products',
    blocks.map((block) => ({ ...search, right, outStarts, outIndices, outValues, ...block })),
  );
  return dropPadding(outIndices, outValues, outStarts);
}

/** Closes the gaps, in place: the write position never overtakes the read position. */
function dropPadding(indices: Int32Array, values: Float32Array, starts: Int32Array): Csr {
  const rows = starts.length - 1;
  const offsets = sharedInt32(rows + 1);
  let filled = 0;
  for (let r = 0; r < rows; r++) {
    for (let e = starts[r]; e < starts[r + 1] && indices[e] >= 0; e++) {
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

/** Upper estimate of the bytes that fitting a model of product neighbours holds at once. */
export function estimateNeighbourBytes(shape: DatasetShape, neighbours: number, copiesOfBaskets = 2): number {
  const { productCount, pairCount, orderLineCount, customerCount } = shape;
  const baskets = copiesOfBaskets * (8 * (pairCount + orderLineCount) + 4 * customerCount);
  // Neighbours, their transpose and the file; sums and touched lists of up to 64 threads.
  const lists = 24 * productCount * Math.min(neighbours, productCount);
  return baskets + lists + 40 * productCount + 64 * 12 * productCount;
}
