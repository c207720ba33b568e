import { AlgorithmRangeError } from '../../errors.js';
import { addGramInto, factorCholesky, solveCholeskyInto } from '../../kernels/symmetric-solve.js';
import type { IalsParams } from './ials-parameters.js';

/** Rows gathered before each rank-n update: 64 × 64 doubles stay in the first-level cache. */
const GATHER_ROWS = 64;

/** λ (|S| + α₀ n)^ν: the weight of |x|² for a row with that many observed pairs against n fixed rows. */
export function ridgeOf(pairs: number, fixedRows: number, params: IalsParams): number {
  const { regularisation, unobservedWeight, frequencyExponent } = params;
  return regularisation * (pairs + unobservedWeight * fixedRows) ** frequencyExponent;
}

/** 1 + α r: what an observed pair of value r weighs. */
export function weightsOf(values: Float32Array, confidenceScale: number): Float32Array {
  return values.map((value) => 1 + confidenceScale * value);
}

/**
 * Solves single rows exactly and in double precision: the minimiser x of
 *   Σ_{j ∈ S} w_j (1 - x·y_j)² + α₀ Σ_j (x·y_j)² + ridge |x|²
 * with y the fixed side's vectors, by Cholesky on (α₀ YᵀY + Σ_S w y yᵀ + ridge I) x = Σ_S w y. The plain twin of the
 * kernel `solveRows`, and what folds single customers in. Cost per row: |S| d²/2 + d³/6.
 */
export class IalsRowSolver {
  private readonly matrix: Float64Array;
  private readonly gathered: Float64Array;
  private readonly solution: Float64Array;
  private readonly unobserved: Float64Array;
  private readonly stride: number;

  /** @param unobserved α₀ YᵀY, upper triangle, stride × stride */
  constructor(unobserved: Float64Array, stride: number) {
    this.unobserved = unobserved;
    this.stride = stride;
    this.matrix = new Float64Array(stride * stride);
    this.gathered = new Float64Array(GATHER_ROWS * stride);
    this.solution = new Float64Array(stride);
  }

  /**
   * out[at …] = the vector of the row with observed pairs start … end - 1; zeros for an empty row.
   * @throws AlgorithmRangeError NOT_POSITIVE_DEFINITE when factors have overflowed
   */
  solveInto(
    out: Float32Array,
    at: number,
    fixed: Float32Array,
    { indices, weights }: { readonly indices: Int32Array; readonly weights: Float32Array },
    { start, end, ridge }: { readonly start: number; readonly end: number; readonly ridge: number },
  ): void {
    const { matrix, solution, stride } = this;
    if (start === end) {
      out.fill(0, at, at + stride);
      return;
    }
    matrix.set(this.unobserved);
    solution.fill(0);
    for (let e = start; e < end; e += GATHER_ROWS) {
      this.addObserved(fixed, indices, weights, e, Math.min(end, e + GATHER_ROWS));
    }
    for (let i = 0; i < stride; i++) matrix[i * stride + i] += ridge;
    if (!factorCholesky(matrix, stride)) {
      throw new AlgorithmRangeError('NOT_POSITIVE_DEFINITE', 'regularisation', 'is too small for this data');
    }
    solveCholeskyInto(solution, matrix, stride);
    out.set(solution, at);
  }

  /** Adds Σ w y yᵀ to the matrix and Σ w y to the right-hand side for pairs start … end - 1. */
  private addObserved(
    fixed: Float32Array,
    indices: Int32Array,
    weights: Float32Array,
    start: number,
    end: number,
  ): void {
    const { gathered, solution, stride } = this;
    for (let e = start; e < end; e++) {
      const root = Math.sqrt(weights[e]);
      const source = indices[e] * stride;
      const target = (e - start) * stride;
      for (let f = 0; f < stride; f++) {
        const y = fixed[source + f];
        gathered[target + f] = root * y;
        solution[f] += weights[e] * y;
      }
    }
    addGramInto(this.matrix, gathered, end - start, stride);
  }
}
