import type { TrainingSet } from '../../dataset/training-set.js';
import { AlgorithmRangeError } from '../../errors.js';
import { sharedFloat32, sharedFloat64 } from '../../parallel/shared-arrays.js';

/*
 * Legend: c_sp = decayed strength of product p among the customers of segment s, C_s = Σ_p c_sp, q_p = share of product p in
 * the popularity overall, Q = that popularity's sum, κ = shrinkage.
 */

/** How many segments there are, and that the column fits the customers. */
export function countSegments({ segmentOfCustomer, customerCount }: TrainingSet): number {
  if (segmentOfCustomer === undefined) return 0;
  if (segmentOfCustomer.length !== customerCount) {
    throw new AlgorithmRangeError(
      'SHAPE_MISMATCH',
      'segmentOfCustomer',
      `${segmentOfCustomer.length} for ${customerCount} customers`,
    );
  }
  let count = 0;
  for (let c = 0; c < customerCount; c++) {
    // Each customer can have a segment of their own, no more.
    if (!(segmentOfCustomer[c] >= -1 && segmentOfCustomer[c] < customerCount)) {
      throw new AlgorithmRangeError(
        'INDEX_OUT_OF_RANGE',
        'segmentOfCustomer',
        `${segmentOfCustomer[c]} of customer ${c} is not in [-1, ${customerCount})`,
      );
    }
    count = Math.max(count, segmentOfCustomer[c] + 1);
  }
  return count;
}

/** c_sp, segments × products row-major, summed in ascending order of customers. */
export function strengthsBySegment(data: TrainingSet, segments: number): Float64Array {
  const { byCustomer, productCount, segmentOfCustomer } = data;
  const strengths = new Float64Array(segments * productCount);
  for (let c = 0; c < data.customerCount; c++) {
    const segment = segmentOfCustomer?.[c] ?? -1;
    if (segment < 0) continue;
    for (let e = byCustomer.offsets[c]; e < byCustomer.offsets[c + 1]; e++)
      strengths[segment * productCount + byCustomer.indices[e]] += byCustomer.values[e];
  }
  return strengths;
}

/**
 * Expected strength of each product in each segment, on the scale of the popularity overall:
 *   Q θ_sp, θ_sp = (c_sp + κ q_p) / (C_s + κ)
 * the mean of a multinomial under a Dirichlet prior of strength κ around q. Products of popularity 0 stay 0: nothing is
 * known of them that would hold for anybody.
 * @returns segments × products, row-major
 */
export function shrunkStrengths(
  strengths: Float64Array,
  popularity: Float32Array,
  segments: number,
  shrinkage: number,
): Float32Array<SharedArrayBuffer> {
  const products = popularity.length;
  const total = popularity.reduce((sum, value) => sum + value, 0);
  const out = sharedFloat32(segments * products);
  for (let s = 0; s < segments; s++) {
    const start = s * products;
    let sum = 0;
    for (let p = 0; p < products; p++) if (popularity[p] > 0) sum += strengths[start + p];
    for (let p = 0; p < products; p++) {
      if (!(popularity[p] > 0)) continue;
      const share = (strengths[start + p] + (shrinkage * popularity[p]) / total) / (sum + shrinkage);
      out[start + p] = total * share;
    }
  }
  return out;
}

/** Share of each segment among the customers who have one. */
export function segmentShares({ segmentOfCustomer }: TrainingSet, segments: number): Float64Array {
  const shares = sharedFloat64(segments);
  let known = 0;
  segmentOfCustomer?.forEach((segment) => {
    if (segment < 0) return;
    shares[segment]++;
    known++;
  });
  for (let s = 0; s < segments; s++) shares[s] /= known;
  return shares;
}
