import type { Csr } from '../../dataset/csr.js';
import { sharedFloat32, sharedInt32 } from '../../parallel/shared-arrays.js';
import { TopSelector } from '../../kernels/top-selector.js';
import type { ItemCfParams } from './item-cf-parameters.js';

/**
 * The rows that products are compared over: customers' histories above orders, each value raised to `valueExponent`, each
 * row scaled by length^-rowLengthExponent, orders by √orderWeight. Rows of one product (no pair) still count in norms.
 */
export function stackBaskets(histories: Csr, orders: Csr, params: ItemCfParams): Csr {
  const sources = params.orderWeight > 0 ? [histories, orders] : [histories];
  const rows = sources.reduce((sum, source) => sum + source.rows, 0);
  const entries = sources.reduce((sum, source) => sum + source.offsets[source.rows], 0);
  const offsets = sharedInt32(rows + 1);
  const indices = sharedInt32(entries);
  const values = sharedFloat32(entries);
  let row = 0;
  let filled = 0;
  for (const source of sources) {
    const weight = source === orders ? Math.sqrt(params.orderWeight) : 1;
    for (let r = 0; r < source.rows; r++) {
      const length = source.offsets[r + 1] - source.offsets[r];
      if (length <= params.maxRowLength) {
        const scale = weight * length ** -params.rowLengthExponent;
        for (let e = source.offsets[r]; e < source.offsets[r + 1]; e++) {
          values[filled] = scale * source.values[e] ** params.valueExponent;
          // The kernel takes a sum of 0 for "not met yet", so a value that underflows must not get in.
          if (values[filled] > 0) indices[filled++] = source.indices[e];
        }
      }
      offsets[++row] = filled;
    }
  }
  return {
    rows,
    columns: histories.columns,
    offsets,
    indices: indices.subarray(0, filled),
    values: values.subarray(0, filled),
  };
}

/** Euclidean norm of each row. */
export function rowNorms(matrix: Csr): Float64Array {
  const norms = new Float64Array(new SharedArrayBuffer(8 * matrix.rows));
  for (let r = 0; r < matrix.rows; r++) {
    let sum = 0;
    for (let e = matrix.offsets[r]; e < matrix.offsets[r + 1]; e++)
      sum += matrix.values[e] * matrix.values[e];
    norms[r] = Math.sqrt(sum);
  }
  return norms;
}

export interface SimilarProductsTask {
  /** Baskets × products and its transpose. */
  readonly baskets: Csr;
  readonly byProduct: Csr;
  /** Norm of each product over the baskets. */
  readonly norms: Float64Array;
  readonly shrinkage: number;
  readonly neighbours: number;
  /** Written: products × neighbours, best first, index -1 padded; rows start … end - 1. */
  readonly outIndices: Int32Array;
  readonly outValues: Float32Array;
  readonly start: number;
  readonly end: number;
}

/**
 * The most similar products of products start … end - 1:
 *   s_ij = Σ_b x_bi x_bj / (|x_i| |x_j| + shrinkage)
 * Source: cosine of Deshpande and Karypis, "Item-based top-N recommendation algorithms" (2004), eq. 3, with the shrink
 * term of Bell and Koren (2007). Cost: Σ over the product's baskets of their lengths.
 */
export function runSimilarProducts(task: SimilarProductsTask): null {
  const { baskets, byProduct, norms, shrinkage, neighbours, outIndices, outValues } = task;
  const dots = new Float64Array(baskets.columns);
  const touched = new Int32Array(baskets.columns);
  const selector = new TopSelector(neighbours);
  for (let i = task.start; i < task.end; i++) {
    const count = addCoPurchases(dots, touched, i, baskets, byProduct);
    selector.reset();
    for (let t = 0; t < count; t++) {
      const j = touched[t];
      const similarity = dots[j] / (norms[i] * norms[j] + shrinkage);
      dots[j] = 0;
      if (j !== i && similarity > 0) selector.offer(similarity, j);
    }
    const kept = selector.drainInto(outIndices, outValues, i * neighbours);
    outIndices.fill(-1, i * neighbours + kept, (i + 1) * neighbours);
  }
  return null;
}

/** dots[j] += Σ_b x_bi x_bj for all j; touched lists the j with a non-zero sum. @returns how many there are */
function addCoPurchases(
  dots: Float64Array,
  touched: Int32Array,
  i: number,
  baskets: Csr,
  byProduct: Csr,
): number {
  const { offsets, indices, values } = baskets;
  let count = 0;
  for (let e = byProduct.offsets[i]; e < byProduct.offsets[i + 1]; e++) {
    const basket = byProduct.indices[e];
    const weight = byProduct.values[e];
    const end = offsets[basket + 1];
    for (let f = offsets[basket]; f < end; f++) {
      const j = indices[f];
      // Values are positive, so a sum of 0 means that j has not been met yet.
      if (dots[j] === 0) touched[count++] = j;
      dots[j] += weight * values[f];
    }
  }
  return count;
}
