import { AlgorithmRangeError } from '../errors.js';
import { sharedFloat32 } from '../parallel/shared-arrays.js';
import { emptyCsr, transpose } from './csr.js';
import { groupPairs, meanOf, sumOf } from './group-pairs.js';
import { countCustomers } from './training-set.js';
import type { TrainingSet } from './training-set.js';

/** Plain (customer, product[, value]) rows, as public datasets have them. Equal lengths. */
export interface PairColumns {
  readonly customerCount: number;
  readonly productCount: number;
  /** 0 … customerCount - 1. */
  readonly customers: Int32Array;
  /** 0 … productCount - 1. */
  readonly products: Int32Array;
  /** Finite, ≥ 0; undefined: 1 each. */
  readonly values?: Float32Array;
}

/** What becomes of a pair that comes more than once: counts add up, ratings are averaged, marks stay marks. */
export type DuplicateRule = 'sum' | 'mean' | 'max';

const REDUCTIONS: Readonly<Record<DuplicateRule, (ascending: Float32Array) => number>> = {
  sum: sumOf,
  mean: meanOf,
  max: (ascending) => ascending[ascending.length - 1],
};

function refuse(
  code: 'SHAPE_MISMATCH' | 'INDEX_OUT_OF_RANGE' | 'PARAMETER_INVALID',
  field: string,
  message: string,
) {
  throw new AlgorithmRangeError(code, field, message);
}

function validateIndices(field: 'customers' | 'products', column: Int32Array, bound: number): void {
  for (let e = 0; e < column.length; e++) {
    if (column[e] < 0 || column[e] >= bound)
      refuse('INDEX_OUT_OF_RANGE', field, `${column[e]} in row ${e} is not in [0, ${bound})`);
  }
}

/**
 * Refuses columns that would make a kernel read or write beside its arrays, and values that are no strengths.
 * @throws AlgorithmRangeError SHAPE_MISMATCH, INDEX_OUT_OF_RANGE, PARAMETER_INVALID
 */
export function validatePairs(pairs: PairColumns): void {
  const { customerCount, productCount, customers, products, values } = pairs;
  for (const [field, count] of Object.entries({ customerCount, productCount })) {
    if (!Number.isInteger(count) || count < 0)
      refuse('PARAMETER_INVALID', field, `${count} is not an integer ≥ 0`);
  }
  for (const [field, column] of Object.entries({ products, values })) {
    if (column !== undefined && column.length !== customers.length)
      refuse('SHAPE_MISMATCH', field, `${column.length} for ${customers.length} customers`);
  }
  validateIndices('customers', customers, customerCount);
  validateIndices('products', products, productCount);
  if (values === undefined) return;
  for (let e = 0; e < values.length; e++) {
    if (!(values[e] >= 0 && values[e] < Infinity))
      refuse('PARAMETER_INVALID', 'values', `${values[e]} in row ${e} is not finite and ≥ 0`);
  }
}

/** Sum of each row's values, in ascending order of columns. */
function rowSums({ rows, offsets, values }: TrainingSet['byProduct']): Float32Array {
  const out = sharedFloat32(rows);
  for (let r = 0; r < rows; r++) out[r] = sumOf(values.subarray(offsets[r], offsets[r + 1]));
  return out;
}

/**
 * A training set of plain pairs: no times, so nothing decays, and no orders (`orders` has no row). Rows may come in any
 * order; a pair that comes more than once counts with the sum of its values, their mean or the largest; a pair whose value is 0 is
 * no pair. `popularity` is the sum of a product's values.
 * O(rows + customers + products).
 * @throws AlgorithmRangeError SHAPE_MISMATCH, INDEX_OUT_OF_RANGE, PARAMETER_INVALID
 */
export function trainingSetOfPairs(pairs: PairColumns, duplicates: DuplicateRule = 'sum'): TrainingSet {
  validatePairs(pairs);
  const { customerCount, productCount, customers, products } = pairs;
  const value = pairs.values ?? new Float32Array(customers.length).fill(1);
  const selected = new Int32Array(customers.length);
  for (let e = 0; e < selected.length; e++) selected[e] = e;
  const byCustomer = groupPairs(
    { rows: customerCount, columns: productCount, selected, row: customers, column: products, value },
    REDUCTIONS[duplicates],
  );
  const byProduct = transpose(byCustomer);
  return {
    customerCount,
    productCount,
    byCustomer,
    byProduct,
    orders: emptyCsr(0, productCount),
    popularity: rowSums(byProduct),
    customerCountOfProduct: countCustomers(byProduct),
  };
}
