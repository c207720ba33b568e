import { addGramInto } from '../../kernels/symmetric-solve.js';
import type { ScratchSlots } from '../../kernels/wasm/kernel-memory.js';
import { withScratch } from '../../kernels/wasm/kernel-memory.js';
import type { KernelVariant } from '../../kernels/wasm/kernel-exports.js';
import { kernelsOn } from '../../kernels/wasm/kernel-exports.js';
import { IalsRowSolver } from './ials-row-solver.js';

/*
 * Legend, as in Rendle et al. (2021): W customer vectors, H product vectors, d factors padded to `stride`, S observed
 * pairs, α₀ weight of the unobserved, λ regularisation, ν frequency exponent; r pair value, α confidence scale.
 */

/** Rows of one call: a call runs to its end in the code it began with, so the first ones, unoptimised, must be short. */
const ROWS_PER_CALL = 64;
/** Rows gathered for each rank-n update in double precision. */
const GATHER_ROWS = 64;

export interface GramTask {
  /** rows × stride. */
  readonly factors: Float32Array;
  readonly stride: number;
  readonly start: number;
  readonly end: number;
}

/** Σ y yᵀ over rows start … end - 1 of the factors, upper triangle, d × d, in double precision (for the stored model). */
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

/** One side of the alternation. All arrays in one kernel memory; rows of this side, columns = rows of the other. */
export interface IalsSide {
  readonly rows: number;
  readonly offsets: Int32Array;
  /** Rows of the other side, validated. */
  readonly indices: Int32Array;
  /** 1 + α r for each pair. */
  readonly weights: Float32Array;
  /** λ (|S| + α₀ n)^ν for each row. */
  readonly ridges: Float32Array;
  /** rows × stride. */
  readonly vectors: Float32Array;
  /** Pairs of the longest row. */
  readonly longest: number;
}

export interface PartialGramTask {
  readonly scratch: ScratchSlots;
  readonly variant: KernelVariant;
  readonly vectors: Float32Array;
  /** Written: stride × stride, upper triangle. */
  readonly out: Float32Array;
  readonly stride: number;
  readonly start: number;
  readonly end: number;
}

/** As `runGramBlock`, in single precision and in the kernel memory. */
export function runPartialGram({
  scratch,
  variant,
  vectors,
  out,
  stride,
  start,
  end,
}: PartialGramTask): null {
  const from = vectors.byteOffset + 4 * start * stride;
  return withScratch(scratch, (at) => {
    kernelsOn(scratch.memory, variant).gram(out.byteOffset, from, end - start, stride, at);
    return null;
  });
}

/** What becomes of a row in one half-sweep. */
export type RowStep =
  /** As if all pairs, observed or not, weighed the same: one system for all rows, whose inverse stands in for the Gram matrix. */
  | { readonly kind: 'unweighted' }
  /** Solved for all factors at once, exactly. */
  | { readonly kind: 'exact' }
  /** One pass of iALS++: a Newton step on each block of that many factors in turn. */
  | { readonly kind: 'blocks'; readonly block: number }
  /** So many steps of conjugate gradients from where the row is. */
  | { readonly kind: 'gradients'; readonly steps: number };

export interface SolveTask {
  readonly scratch: ScratchSlots;
  readonly variant: KernelVariant;
  /** Its vectors are written: rows start … end - 1. */
  readonly solved: IalsSide;
  /** Vectors of the other side. */
  readonly fixed: Float32Array;
  /** α₀ YᵀY of the fixed side, full square; for the unweighted step the inverse of YᵀY. */
  readonly gram: Float32Array;
  readonly stride: number;
  readonly step: RowStep;
  readonly start: number;
  readonly end: number;
}

/** One block of a half-sweep; writes the kernel memory, returns nothing. */
export function runSolveRows(task: SolveTask): null {
  const kernels = kernelsOn(task.scratch.memory, task.variant);
  return withScratch(task.scratch, (scratch) => {
    for (let start = task.start; start < task.end; start += ROWS_PER_CALL) {
      const end = Math.min(task.end, start + ROWS_PER_CALL);
      for (let next = start; next < end;) {
        const failed = solve(kernels, task, next, end, scratch);
        if (failed < 0) break;
        solveInDoublePrecision(task, failed);
        next = failed + 1;
      }
    }
    return null;
  });
}

function solve(
  kernels: ReturnType<typeof kernelsOn>,
  { solved, fixed, gram, stride, step }: SolveTask,
  start: number,
  end: number,
  scratch: number,
): number {
  const { vectors, offsets, indices, weights, ridges, longest } = solved;
  const [X, Y, G] = [vectors.byteOffset, fixed.byteOffset, gram.byteOffset];
  const [o, i, w, r] = [offsets.byteOffset, indices.byteOffset, weights.byteOffset, ridges.byteOffset];
  switch (step.kind) {
    case 'unweighted':
      kernels.solveUnweightedRows(X, Y, G, o, i, stride, start, end, scratch);
      return -1;
    case 'exact':
      return kernels.solveRows(X, Y, G, o, i, w, r, stride, start, end, scratch);
    case 'blocks':
      return kernels.solveRowsByBlocks(X, Y, G, o, i, w, r, stride, start, end, step.block, longest, scratch);
    case 'gradients':
      kernels.stepRows(X, Y, G, o, i, w, r, stride, start, end, step.steps, scratch);
      return -1;
  }
}

/** A system that single precision finds singular (a tiny ridge) is solved by the plain twin, exactly. */
function solveInDoublePrecision({ solved, fixed, gram, stride }: SolveTask, row: number): void {
  new IalsRowSolver(Float64Array.from(gram), stride).solveInto(solved.vectors, row * stride, fixed, solved, {
    start: solved.offsets[row],
    end: solved.offsets[row + 1],
    ridge: solved.ridges[row],
  });
}

/** Bytes of scratch that `runSolveRows` and `runPartialGram` need: see `libs/algorithms/assembly`. */
export function solveScratchBytes(stride: number, step: RowStep, longest: number): number {
  const panel = 4 * stride * GATHER_ROWS;
  switch (step.kind) {
    case 'unweighted':
      return panel;
    case 'exact':
      return 4 * stride * stride + panel;
    case 'blocks': {
      const { block } = step;
      const floats = block * block + (GATHER_ROWS + 1) * block + (longest + 3) * (stride + 1) + 8;
      return Math.max(panel, 4 * floats);
    }
    case 'gradients':
      return Math.max(panel, 4 * stride * (longest + 3));
  }
}
