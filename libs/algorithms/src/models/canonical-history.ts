import { AlgorithmRangeError } from '../errors.js';

export interface History {
  readonly products: Int32Array;
  readonly values: Float32Array;
}

function checkHistory(products: Int32Array, values: Float32Array, productCount: number): boolean {
  if (products.length !== values.length) {
    throw new AlgorithmRangeError(
      'SHAPE_MISMATCH',
      'historyValues',
      `${values.length} for ${products.length} products`,
    );
  }
  let isAscending = true;
  for (let i = 0; i < products.length; i++) {
    const product = products[i];
    if (product < 0 || product >= productCount) {
      throw new AlgorithmRangeError(
        'INDEX_OUT_OF_RANGE',
        'historyProducts',
        `${product} is not in [0, ${productCount})`,
      );
    }
    if (!(values[i] >= 0 && values[i] < Infinity)) {
      throw new AlgorithmRangeError(
        'PARAMETER_INVALID',
        'historyValues',
        `${values[i]} is not a finite number ≥ 0`,
      );
    }
    if (i > 0 && product <= products[i - 1]) isAscending = false;
  }
  return isAscending;
}

/**
 * The history with products strictly ascending and repeats summed, so that no floating-point sum depends on the order
 * in which a caller lists it. A history that is canonical already (a CSR row) comes back as it is.
 * @throws AlgorithmRangeError SHAPE_MISMATCH, INDEX_OUT_OF_RANGE, PARAMETER_INVALID
 */
export function canonicalHistory(products: Int32Array, values: Float32Array, productCount: number): History {
  if (checkHistory(products, values, productCount)) return { products, values };
  // Ties are ordered by value: the sum of a repeated product is then also independent of the order given.
  const order = Array.from(products.keys()).sort(
    (a, b) => products[a] - products[b] || values[a] - values[b],
  );
  const outProducts = new Int32Array(products.length);
  const outValues = new Float32Array(products.length);
  let filled = 0;
  for (const i of order) {
    if (filled > 0 && outProducts[filled - 1] === products[i]) {
      outValues[filled - 1] += values[i];
    } else {
      outProducts[filled] = products[i];
      outValues[filled++] = values[i];
    }
  }
  return { products: outProducts.subarray(0, filled), values: outValues.subarray(0, filled) };
}

/** Refuses an output of the wrong length. */
export function requireLength(out: { readonly length: number }, length: number, field: string): void {
  if (out.length !== length)
    throw new AlgorithmRangeError('SHAPE_MISMATCH', field, `length ${out.length}, expected ${length}`);
}
