import type { Csr } from '../dataset/csr.js';
import type { TrainingSet } from '../dataset/training-set.js';
import { trainingSetOfPairs } from '../dataset/training-set-of-pairs.js';
import type { Model } from '../models/algorithm.js';

/** The training set of a dense customers × products table; 0 is no pair. */
export function trainingSetOfRows(rows: readonly (readonly number[])[], productCount: number): TrainingSet {
  const cells = rows.flatMap((row, customer) =>
    row.flatMap((value, product) => (value > 0 ? [{ customer, product, value }] : [])),
  );
  return trainingSetOfPairs({
    customerCount: rows.length,
    productCount,
    customers: Int32Array.from(cells, ({ customer }) => customer),
    products: Int32Array.from(cells, ({ product }) => product),
    values: Float32Array.from(cells, ({ value }) => value),
  });
}

/** A sparse matrix as a table. */
export function rowsOf(matrix: Csr): number[][] {
  return Array.from({ length: matrix.rows }, (_, r) => {
    const row = new Array<number>(matrix.columns).fill(0);
    for (let e = matrix.offsets[r]; e < matrix.offsets[r + 1]; e++) row[matrix.indices[e]] = matrix.values[e];
    return row;
  });
}

/** Scores of all products for a history given as a dense row. */
export function scoresOfRow(model: Model, history: readonly number[]): number[] {
  const products = history.flatMap((value, product) => (value > 0 ? [product] : []));
  const out = new Float32Array(model.productCount);
  const values = Float32Array.from(products, (product) => history[product]);
  model.createScorer().scoreInto(out, Int32Array.from(products), values);
  return [...out];
}
