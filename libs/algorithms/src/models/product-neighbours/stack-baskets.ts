import type { Csr } from '../../dataset/csr.js';
import { sharedFloat32, sharedInt32 } from '../../parallel/shared-arrays.js';

export interface BasketParams {
  /** Weight of a co-purchase in an order, against 1 in a customer's history. */
  readonly orderWeight: number;
  readonly valueExponent: number;
  readonly rowLengthExponent: number;
  readonly maxRowLength: number;
}

/**
 * The rows that products are compared over: customers' histories above orders, each value raised to `valueExponent`, each
 * row scaled by length^-rowLengthExponent, orders by √orderWeight. Rows of one product (no pair) still count in norms.
 */
export function stackBaskets(histories: Csr, orders: Csr, params: BasketParams): Csr {
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

/** |row|², summed in ascending order of columns. */
export function squaredNorms(matrix: Csr): Float64Array<SharedArrayBuffer> {
  const norms = new Float64Array(new SharedArrayBuffer(8 * matrix.rows));
  for (let r = 0; r < matrix.rows; r++) {
    let sum = 0;
    for (let e = matrix.offsets[r]; e < matrix.offsets[r + 1]; e++)
      sum += matrix.values[e] * matrix.values[e];
    norms[r] = sum;
  }
  return norms;
}
