import type { Csr } from '../../dataset/csr.js';
import type { SparseRows } from '../../kernels/sparse-product.js';
import { multiplyRowInto } from '../../kernels/sparse-product.js';
import { TopSelector } from '../../kernels/top-selector.js';

/**
 * How a product of rows x_i · y_j becomes a similarity, with scales a_i and b_j of the two products:
 *   product: x_i · y_j / (a_i b_j + shrinkage)
 *   union:   x_i · y_j / (a_i + b_j - x_i · y_j + shrinkage)
 */
export type Denominator = 'product' | 'union';

export interface SimilarityMeasure {
  readonly denominator: Denominator;
  /** a and b, per product, > 0 for a product with entries. */
  readonly leftScales: Float64Array;
  readonly rightScales: Float64Array;
  readonly shrinkage: number;
}

export interface SimilarProductsTask extends SimilarityMeasure {
  /** Products × baskets (x) and baskets × products (y). */
  readonly left: Csr;
  readonly right: Csr & SparseRows;
  /** Most that are kept for a product. */
  readonly neighbours: number;
  /** Where the neighbours of product i go: outStarts[i] … outStarts[i + 1] - 1. Length products + 1. */
  readonly outStarts: Int32Array;
  /** Written for products start … end - 1: best first, index -1 padded. */
  readonly outIndices: Int32Array;
  readonly outValues: Float32Array;
  readonly start: number;
  readonly end: number;
}

/**
 * The most similar products of products start … end - 1, themselves left out; equal similarities by lower index.
 * Cost: Σ over the product's baskets of their lengths.
 */
export function runSimilarProducts(task: SimilarProductsTask): null {
  const { left, right, outStarts, outIndices, outValues } = task;
  const sums = new Float64Array(right.columns);
  const touched = new Int32Array(right.columns);
  const selector = new TopSelector(task.neighbours);
  for (let i = task.start; i < task.end; i++) {
    const count = multiplyRowInto(sums, touched, left, i, right);
    selector.reset();
    offerSimilarities(selector, task, i, sums, touched, count);
    const kept = selector.drainInto(outIndices, outValues, outStarts[i]);
    outIndices.fill(-1, outStarts[i] + kept, outStarts[i + 1]);
  }
  return null;
}

/** Offers all products but i, and sets their sums back to 0. */
function offerSimilarities(
  selector: TopSelector,
  { denominator, leftScales, rightScales, shrinkage }: SimilarityMeasure,
  i: number,
  sums: Float64Array,
  touched: Int32Array,
  count: number,
): void {
  const scale = leftScales[i];
  const isUnion = denominator === 'union';
  for (let t = 0; t < count; t++) {
    const j = touched[t];
    const sum = sums[j];
    sums[j] = 0;
    const base = isUnion ? scale + rightScales[j] - sum : scale * rightScales[j];
    const similarity = sum / (base + shrinkage);
    if (j !== i && similarity > 0) selector.offer(similarity, j);
  }
}
