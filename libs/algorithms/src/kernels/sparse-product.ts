/** A sparse matrix in compressed sparse row form: row r is the entries offsets[r] … offsets[r + 1] - 1. */
export interface SparseRows {
  readonly offsets: Int32Array;
  readonly indices: Int32Array;
  readonly values: Float32Array;
  /** Each row has one value (see `hasFlatRows`): spares half of the memory traffic. Default false. */
  readonly isFlat?: boolean;
}

/** Whether all values of a row are the same, in every row. */
export function hasFlatRows({ offsets, values }: SparseRows): boolean {
  for (let r = 0; r + 1 < offsets.length; r++)
    for (let e = offsets[r] + 1; e < offsets[r + 1]; e++) if (values[e] !== values[e - 1]) return false;
  return true;
}

/** From this many additions per column on, sums that start with a look at "met before?" cost more than a sweep after them. */
const DENSE_ADDITIONS_PER_COLUMN = 2;

/** Multiply-adds of row `row` of left · right. */
export function rowOperations(left: SparseRows, row: number, right: SparseRows): number {
  let sum = 0;
  for (let e = left.offsets[row]; e < left.offsets[row + 1]; e++) {
    const k = left.indices[e];
    sum += right.offsets[k + 1] - right.offsets[k];
  }
  return sum;
}

/**
 * sums[j] += Σ_k left[row, k] · right[k, j], in ascending order of k, for all columns j of `right`. Values of `right`
 * are above 0; those of `left` may be 0, which adds nothing. Columns with much to add are summed without a branch and looked
 * through afterwards; few are noted as they come, so that a row costs no more than its entries. The sums do not depend on
 * which of the two ways is taken, only the order of `touched` does.
 * @param sums all zero on entry; the caller sets the touched ones to zero again. Length: columns of right
 * @param touched filled with the columns whose sum is not 0, same length
 * @returns how many there are
 */
export function multiplyRowInto(
  sums: Float64Array,
  touched: Int32Array,
  left: SparseRows,
  row: number,
  right: SparseRows,
): number {
  const isDense = rowOperations(left, row, right) > DENSE_ADDITIONS_PER_COLUMN * sums.length;
  if (!isDense) return addNoting(sums, touched, left, row, right);
  if (right.isFlat) addDenseFlat(sums, left, row, right);
  else addDense(sums, left, row, right);
  let count = 0;
  for (let j = 0; j < sums.length; j++) if (sums[j] !== 0) touched[count++] = j;
  return count;
}

function addDense(sums: Float64Array, left: SparseRows, row: number, right: SparseRows): void {
  const { offsets, indices, values } = right;
  for (let e = left.offsets[row]; e < left.offsets[row + 1]; e++) {
    const k = left.indices[e];
    const weight = left.values[e];
    const end = offsets[k + 1];
    for (let f = offsets[k]; f < end; f++) sums[indices[f]] += weight * values[f];
  }
}

/** The same sums, bit for bit. */
function addDenseFlat(sums: Float64Array, left: SparseRows, row: number, right: SparseRows): void {
  const { offsets, indices, values } = right;
  for (let e = left.offsets[row]; e < left.offsets[row + 1]; e++) {
    const k = left.indices[e];
    const end = offsets[k + 1];
    const product = left.values[e] * values[offsets[k]];
    for (let f = offsets[k]; f < end; f++) sums[indices[f]] += product;
  }
}

function addNoting(
  sums: Float64Array,
  touched: Int32Array,
  left: SparseRows,
  row: number,
  right: SparseRows,
): number {
  const { offsets, indices, values } = right;
  let count = 0;
  for (let e = left.offsets[row]; e < left.offsets[row + 1]; e++) {
    const k = left.indices[e];
    const weight = left.values[e];
    // Two floats above 0 have a double above 0 for a product, so from here on a sum of 0 means "not met yet".
    const end = weight > 0 ? offsets[k + 1] : 0;
    for (let f = offsets[k]; f < end; f++) {
      const j = indices[f];
      if (sums[j] === 0) touched[count++] = j;
      sums[j] += weight * values[f];
    }
  }
  return count;
}
