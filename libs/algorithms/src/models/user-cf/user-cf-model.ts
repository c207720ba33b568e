import type { Csr } from '../../dataset/csr.js';
import { multiplyRowInto } from '../../kernels/sparse-product.js';
import { TopSelector } from '../../kernels/top-selector.js';
import type { Model, Scorer } from '../algorithm.js';
import type { History } from '../canonical-history.js';
import { canonicalHistory, requireLength } from '../canonical-history.js';
import type { ModelFile } from '../model-file.js';
import { hasExactly } from './user-cf-kernels.js';
import type { UserCfParams } from './user-cf-parameters.js';

/** The rows of the customers that a model was fitted on, nameless, by customer and by product. */
export class UserCfModel implements Model {
  readonly algorithm: string;
  readonly components: readonly string[];
  readonly params: UserCfParams;
  readonly productCount: number;
  /** Customers × products and its transpose; value = (pair value)^valueExponent. */
  private readonly byCustomer: Csr;
  private readonly byProduct: Csr;
  /** Per customer |w x_v|; per product w². */
  private readonly norms: Float64Array;
  private readonly squaredWeights: Float64Array;
  private readonly file: ModelFile;

  constructor(file: ModelFile) {
    this.file = file;
    this.algorithm = file.algorithm;
    this.components = [file.algorithm];
    this.params = file.params as UserCfParams;
    this.productCount = file.productCount;
    this.norms = file.array('norms', 'f64');
    this.squaredWeights = file.array('squaredWeights', 'f64', file.productCount);
    const customers = this.norms.length;
    this.byCustomer = readMatrix(file, 'customer', customers, file.productCount);
    this.byProduct = readMatrix(file, 'product', file.productCount, customers);
  }

  serialize(): Uint8Array<SharedArrayBuffer> {
    return this.file.bytes;
  }

  createScorer(): Scorer {
    const { byCustomer, productCount } = this;
    const { amplification, neighbours } = this.params;
    const search = new NeighbourSearch(
      this.byProduct,
      byCustomer,
      this.norms,
      this.squaredWeights,
      this.params,
    );
    const nearest = new Int32Array(neighbours);
    const similarities = new Float32Array(neighbours);
    const sums = new Float64Array(productCount);
    return {
      scoreInto(out, historyProducts, historyValues) {
        requireLength(out, productCount, 'out');
        const history = canonicalHistory(historyProducts, historyValues, productCount);
        const count = search.findInto(nearest, similarities, history);
        sums.fill(0);
        for (let n = 0; n < count; n++) {
          const weight = similarities[n] ** amplification;
          const end = byCustomer.offsets[nearest[n] + 1];
          for (let e = byCustomer.offsets[nearest[n]]; e < end; e++)
            sums[byCustomer.indices[e]] += weight * byCustomer.values[e];
        }
        out.set(sums);
      },
      explainInto(out, product) {
        requireLength(out, 1, 'out');
        out[0] = sums[product];
      },
    };
  }
}

function readMatrix(file: ModelFile, name: string, rows: number, columns: number): Csr {
  const offsets = file.array(`${name}Offsets`, 'i32', rows + 1);
  const indices = file.array(`${name}Indices`, 'i32', offsets[rows]);
  return { rows, columns, offsets, indices, values: file.array(`${name}Values`, 'f32', offsets[rows]) };
}

/** Finds the customers nearest to a history; owns the scratch memory for it. */
class NeighbourSearch {
  private readonly dots: Float64Array;
  private readonly touched: Int32Array;
  private readonly selector: TopSelector;
  /** The history as a matrix of one row, grown as needed. */
  private weighted = new Float32Array(64);
  private readonly byProduct: Csr;
  private readonly byCustomer: Csr;
  private readonly norms: Float64Array;
  private readonly squaredWeights: Float64Array;
  private readonly params: UserCfParams;

  constructor(
    byProduct: Csr,
    byCustomer: Csr,
    norms: Float64Array,
    squaredWeights: Float64Array,
    params: UserCfParams,
  ) {
    this.byProduct = byProduct;
    this.byCustomer = byCustomer;
    this.norms = norms;
    this.squaredWeights = squaredWeights;
    this.params = params;
    this.dots = new Float64Array(byCustomer.rows);
    this.touched = new Int32Array(byCustomer.rows);
    this.selector = new TopSelector(params.neighbours);
  }

  /**
   * The nearest customers, best first, equal ones by lower index.
   *   s_uv = Σ_p w_p² x_up x_vp / (|w x_u| |w x_v| + shrinkage)
   * Customers who have exactly the products of the history can tell nothing new and are left out; so the customer's own
   * row, when the model was fitted on it, takes nobody's place.
   * @returns how many were found
   */
  findInto(nearest: Int32Array, similarities: Float32Array, { products, values }: History): number {
    const { dots, touched, selector, norms, params } = this;
    const norm = this.weigh(products, values);
    const row = this.historyRow(products);
    const count = multiplyRowInto(dots, touched, row, 0, this.byProduct);
    for (let t = 0; t < count; t++) {
      const v = touched[t];
      const similarity = dots[v] / (norm * norms[v] + params.shrinkage);
      dots[v] = 0;
      if (similarity > 0 && !hasExactly(this.byCustomer, v, products)) selector.offer(similarity, v);
    }
    return selector.drainInto(nearest, similarities, 0);
  }

  /** Fills `weighted` with w_p² x_up. @returns |w x_u| */
  private weigh(products: Int32Array, values: Float32Array): number {
    if (products.length > this.weighted.length) this.weighted = new Float32Array(2 * products.length);
    let sum = 0;
    for (let i = 0; i < products.length; i++) {
      const x = values[i] > 0 ? values[i] ** this.params.valueExponent : 0;
      const square = this.squaredWeights[products[i]];
      this.weighted[i] = square * x;
      sum += square * x * x;
    }
    return Math.sqrt(sum);
  }

  private historyRow(products: Int32Array): Csr {
    const offsets = Int32Array.of(0, products.length);
    return { rows: 1, columns: this.byProduct.rows, offsets, indices: products, values: this.weighted };
  }
}
