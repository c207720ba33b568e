import type { Csr } from '../../dataset/csr.js';
import { AlgorithmRangeError } from '../../errors.js';
import { addGramInto, factorCholesky, solveCholeskyInto } from '../../kernels/symmetric-solve.js';

/*
 * Legend, as in Rendle et al. (2021): W customer vectors, H product vectors, d factors padded to `stride`, S observed
 * pairs, α₀ weight of the unobserved, λ regularisation, ν frequency exponent; r pair value, α confidence scale.
 */

/** Rows gathered before each rank-n update: 64 × 64 doubles stay in the first-level cache. */
const GATHER_ROWS = 64;

/** What the least-squares problem of one row needs beside its observed pairs. */
export interface IalsLoss {
  /** Number of rows of the fixed side: the unobserved term has that many summands. */
  readonly fixedRows: number;
  readonly regularisation: number;
  readonly frequencyExponent: number;
  readonly unobservedWeight: number;
  readonly confidenceScale: number;
}

export interface GramTask {
  /** rows × stride. */
  readonly factors: Float32Array;
  readonly stride: number;
  readonly start: number;
  readonly end: number;
}

/** Σ y yᵀ over rows start … end - 1 of the factors, upper triangle, d × d. */
export function runGramBlock({ factors, stride, start, end }: GramTask): Float64Array {
  const gram = new Float64Array(stride * stride);
  const rows = new Float64Array(GATHER_ROWS * stride);
  for (let r = start; r < end; r += GATHER_ROWS) {
    const n = Math.min(GATHER_ROWS, end - r);
    rows.set(factors.subarray(r * stride, (r + n) * stride));
    addGramInto(gram, rows, n, stride);
  }
  return gram;
}

/**
 * Solves single rows exactly: the minimiser x of
 *   Σ_{j ∈ S} (1 + α r_j)(1 - x·y_j)² + α₀ Σ_j (x·y_j)² + λ (|S| + α₀ n)^ν |x|²
 * with y the fixed side's n vectors, by Cholesky on (α₀ YᵀY + Σ_S w y yᵀ + λ… I) x = Σ_S w y. Float64 throughout.
 * Source: Hu, Koren and Volinsky (2008), eq. 4, in the form of Rendle, Krichene, Zhang and Koren, "Revisiting the
 * Performance of iALS on Item Recommendation Benchmarks" (2021), eqs. 2 to 4. Cost per row: |S| d²/2 + d³/6.
 */
export class IalsRowSolver {
  private readonly matrix: Float64Array;
  private readonly gathered: Float64Array;
  private readonly solution: Float64Array;
  private readonly gram: Float64Array;
  private readonly stride: number;
  private readonly loss: IalsLoss;

  /** @param gram YᵀY of the fixed side, upper triangle, stride × stride */
  constructor(gram: Float64Array, stride: number, loss: IalsLoss) {
    this.gram = gram;
    this.stride = stride;
    this.loss = loss;
    this.matrix = new Float64Array(stride * stride);
    this.gathered = new Float64Array(GATHER_ROWS * stride);
    this.solution = new Float64Array(stride);
  }

  /**
   * out[at …] = the vector of the row with observed pairs indices[start …], values[start …]; zeros for an empty row.
   * @throws AlgorithmRangeError NOT_POSITIVE_DEFINITE when factors have overflowed
   */
  solveInto(
    out: Float32Array,
    at: number,
    fixed: Float32Array,
    indices: Int32Array,
    values: Float32Array,
    start: number,
    end: number,
  ): void {
    const { matrix, solution, stride, loss } = this;
    if (start === end) {
      out.fill(0, at, at + stride);
      return;
    }
    for (let i = 0; i < matrix.length; i++) matrix[i] = loss.unobservedWeight * this.gram[i];
    solution.fill(0);
    for (let e = start; e < end; e += GATHER_ROWS) {
      this.addObserved(fixed, indices, values, e, Math.min(end, e + GATHER_ROWS));
    }
    const terms = end - start + loss.unobservedWeight * loss.fixedRows;
    const ridge = loss.regularisation * terms ** loss.frequencyExponent;
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
    values: Float32Array,
    start: number,
    end: number,
  ): void {
    const { gathered, solution, stride } = this;
    for (let e = start; e < end; e++) {
      const weight = 1 + this.loss.confidenceScale * values[e];
      const root = Math.sqrt(weight);
      const source = indices[e] * stride;
      const target = (e - start) * stride;
      for (let f = 0; f < stride; f++) {
        const y = fixed[source + f];
        gathered[target + f] = root * y;
        solution[f] += weight * y;
      }
    }
    addGramInto(this.matrix, gathered, end - start, stride);
  }
}

export interface SolveTask {
  /** Rows to solve × rows of the fixed side. */
  readonly observed: Csr;
  readonly fixed: Float32Array;
  /** Written: rows start … end - 1. */
  readonly solved: Float32Array;
  readonly gram: Float64Array;
  readonly stride: number;
  readonly loss: IalsLoss;
  readonly start: number;
  readonly end: number;
}

/** One block of a half-sweep; writes shared memory, returns nothing. */
export function runSolveRows(task: SolveTask): null {
  const { observed, fixed, solved, gram, stride, loss, start, end } = task;
  const solver = new IalsRowSolver(gram, stride, loss);
  for (let r = start; r < end; r++) {
    const from = observed.offsets[r];
    solver.solveInto(
      solved,
      r * stride,
      fixed,
      observed.indices,
      observed.values,
      from,
      observed.offsets[r + 1],
    );
  }
  return null;
}
