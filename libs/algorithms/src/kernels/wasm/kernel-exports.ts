import { KERNEL_BINARIES } from './kernel-binaries.js';

/** The least-squares problems of rows start … end - 1 of X, each against rows of Y: see `assembly/ials.ts`. */
type RowProblems = [
  X: number,
  Y: number,
  G: number,
  offsets: number,
  indices: number,
  weights: number,
  ridges: number,
  width: number,
  start: number,
  end: number,
];

/**
 * The compiled kernels (`libs/algorithms/assembly`). Arguments are byte offsets (`array.byteOffset`) into the memory that
 * they were instantiated on, or counts. They check no bounds: the caller has validated every index before.
 */
export interface KernelExports {
  /** G = YᵀY, upper triangle, width × width. */
  gram(G: number, Y: number, n: number, width: number, scratch: number): void;
  /** @returns the first row whose system is not positive definite, or -1 */
  solveRows(...args: [...rows: RowProblems, scratch: number]): number;
  /** @returns as `solveRows` */
  solveRowsByBlocks(...args: [...rows: RowProblems, block: number, longest: number, scratch: number]): number;
  stepRows(...args: [...rows: RowProblems, steps: number, scratch: number]): void;
  solveUnweightedRows(
    ...args: [
      X: number,
      Y: number,
      M: number,
      offsets: number,
      indices: number,
      width: number,
      start: number,
      end: number,
      scratch: number,
    ]
  ): void;
  /** out = Y x: n scores. */
  scoreRows(out: number, Y: number, x: number, n: number, width: number): void;
  /** @returns how many columns were noted in `touched` */
  multiplyRow(
    ...args: [
      sums: number,
      touched: number,
      leftIndices: number,
      leftValues: number,
      start: number,
      end: number,
      offsets: number,
      indices: number,
      values: number,
    ]
  ): number;
  multiplyRowDense(
    ...args: [
      sums: number,
      leftIndices: number,
      leftValues: number,
      start: number,
      end: number,
      offsets: number,
      indices: number,
      values: number,
    ]
  ): void;
  /** @returns 0 if the tile is not positive definite */
  sweepPivot(D: number, V: number, Vt: number, scratch: number): number;
  sweepPanelTile(M: number, isTransposed: number, V: number, Vt: number, W: number, scratch: number): void;
  subtractProduct(C: number, X: number, Y: number): void;
  gatherGram(
    ...args: [
      A: number,
      width: number,
      chosen: number,
      count: number,
      positions: number,
      diagonals: number,
      lengths: number,
      indices: number,
      values: number,
      capacity: number,
    ]
  ): void;
  /** @returns 0 if the matrix is not positive definite */
  solveShifted(b: number, A: number, width: number, shift: number): number;
  /** @returns passes over all columns; most + 1 if the weights never stood still */
  descendColumn(
    ...args: [
      w: number,
      c: number,
      G: number,
      width: number,
      count: number,
      self: number,
      l1: number,
      l2: number,
      tolerance: number,
      most: number,
      active: number,
    ]
  ): number;
  packProducts(to: number, from: number, order: number, n: number, width: number): void;
  topProducts(
    ...args: [
      customers: number,
      lengths: number,
      packed: number,
      order: number,
      bounds: number,
      n: number,
      width: number,
      k: number,
      allowed: number,
      offsets: number,
      seen: number,
      scores: number,
      products: number,
      start: number,
      end: number,
      scratch: number,
    ]
  ): void;
}

/** `strict`: the same bits on every machine. `relaxed`: faster where the processor fuses multiply and add. */
export type KernelVariant = keyof typeof KERNEL_BINARIES;

const modules = new Map<KernelVariant, WebAssembly.Module>();

function moduleOf(variant: KernelVariant): WebAssembly.Module {
  let module = modules.get(variant);
  if (module === undefined) {
    const binary = atob(KERNEL_BINARIES[variant]);
    module = new WebAssembly.Module(Uint8Array.from(binary, (character) => character.charCodeAt(0)));
    modules.set(variant, module);
  }
  return module;
}

/** The kernels on this memory; the code is compiled once a thread, an instance costs some 20 µs. */
export function kernelsOn(memory: WebAssembly.Memory, variant: KernelVariant = 'strict'): KernelExports {
  const abort = () => {
    throw new Error('a kernel gave up');
  };
  const instance = new WebAssembly.Instance(moduleOf(variant), { env: { memory, abort } });
  return instance.exports as unknown as KernelExports;
}
