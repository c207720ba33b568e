import type { Executor } from '../../parallel/executor.js';
import type { KernelVariant } from '../../kernels/wasm/kernel-exports.js';
import { kernelsOn } from '../../kernels/wasm/kernel-exports.js';
import type { ScratchSlots, KernelMemory } from '../../kernels/wasm/kernel-memory.js';
import { alignedBytes, withScratch } from '../../kernels/wasm/kernel-memory.js';
import type { RowBlock } from '../../kernels/row-blocks.js';
import { cutRows } from '../../kernels/row-blocks.js';

/** Rows and columns of a tile, as in `assembly/sweep.ts`. */
export const TILE = 64;
const TILE_LENGTH = TILE * TILE;
const TILE_BYTES = 4 * TILE_LENGTH;
/** Tiles that one task updates: some 10 ms, and short enough for threads to even out. */
const TILES_PER_TASK = 256;
const PANEL_TILES_PER_TASK = 16;
/** Two tiles in double precision. */
const SCRATCH_BYTES = 16 * TILE_LENGTH;

/** What the sweeps work on; all arrays in one kernel memory. */
export interface TileMatrix {
  /** Rows and columns of tiles. */
  readonly order: number;
  /** Upper triangle of tiles, row by row, each TILE × TILE and row-major; diagonal tiles are full. */
  readonly tiles: Float32Array;
  /** R⁻¹ and its transpose for the pivot, packed. */
  readonly pivot: Float32Array;
  /** One packed tile W_j for each column of tiles. */
  readonly panel: Float32Array;
  readonly scratch: ScratchSlots;
  readonly variant: KernelVariant;
}

/** Which of the stored tiles is (i, j), i ≤ j. */
function tileIndex(order: number, i: number, j: number): number {
  return i * order - (i * (i - 1)) / 2 + (j - i);
}

export function orderOf(rows: number): number {
  return Math.ceil(rows / TILE);
}

/** Where element (i, j), i ≤ j, lies in `tiles`. */
export function cellOf(order: number, i: number, j: number): number {
  const tile = tileIndex(order, Math.floor(i / TILE), Math.floor(j / TILE));
  return tile * TILE_LENGTH + (i % TILE) * TILE + (j % TILE);
}

/** Bytes that `allocateTiles` asks of the kernel memory. */
export function tileMatrixBytes(rows: number, threads: number): number {
  const order = orderOf(rows);
  return (
    ((order * (order + 1)) / 2 + order + 2) * TILE_BYTES + alignedBytes(4 * threads) + threads * SCRATCH_BYTES
  );
}

/** A zero matrix of that many rows; the rows that fill up the last tile are those of the identity. */
export function allocateTiles(
  memory: KernelMemory,
  rows: number,
  threads: number,
  variant: KernelVariant,
): TileMatrix {
  const order = orderOf(rows);
  const tiles = memory.float32(((order * (order + 1)) / 2) * TILE_LENGTH);
  for (let i = rows; i < order * TILE; i++) tiles[cellOf(order, i, i)] = 1;
  const pivot = memory.float32(2 * TILE_LENGTH);
  const panel = memory.float32(order * TILE_LENGTH);
  return { order, tiles, pivot, panel, scratch: memory.scratch(threads, SCRATCH_BYTES), variant };
}

export interface SweepTask extends RowBlock {
  readonly matrix: TileMatrix;
  /** Row of tiles that is swept. */
  readonly pivotRow: number;
}

/** @returns whether the pivot tile was positive definite */
export function runSweepPivot({ matrix, pivotRow }: SweepTask): boolean {
  const { tiles, pivot, order, scratch, variant } = matrix;
  const kernels = kernelsOn(scratch.memory, variant);
  const D = tiles.byteOffset + TILE_BYTES * tileIndex(order, pivotRow, pivotRow);
  const V = pivot.byteOffset;
  return withScratch(scratch, (at) => kernels.sweepPivot(D, V, V + TILE_BYTES, at) !== 0);
}

/** The pivot's row, columns start … end - 1 of tiles. */
export function runSweepPanel({ matrix, pivotRow, start, end }: SweepTask): null {
  const { tiles, pivot, panel, order, scratch, variant } = matrix;
  const kernels = kernelsOn(scratch.memory, variant);
  const V = pivot.byteOffset;
  return withScratch(scratch, (at) => {
    for (let j = start; j < end; j++) {
      if (j === pivotRow) continue;
      const isTransposed = j < pivotRow;
      const tile = isTransposed ? tileIndex(order, j, pivotRow) : tileIndex(order, pivotRow, j);
      const M = tiles.byteOffset + TILE_BYTES * tile;
      const W = panel.byteOffset + TILE_BYTES * j;
      kernels.sweepPanelTile(M, Number(isTransposed), V, V + TILE_BYTES, W, at);
    }
    return null;
  });
}

/** All other tiles in rows start … end - 1 of tiles. */
export function runSweepRest({ matrix, pivotRow, start, end }: SweepTask): null {
  const { tiles, panel, order, scratch, variant } = matrix;
  const kernels = kernelsOn(scratch.memory, variant);
  for (let i = start; i < end; i++) {
    if (i === pivotRow) continue;
    for (let j = i; j < order; j++) {
      if (j === pivotRow) continue;
      const C = tiles.byteOffset + TILE_BYTES * tileIndex(order, i, j);
      kernels.subtractProduct(C, panel.byteOffset + TILE_BYTES * i, panel.byteOffset + TILE_BYTES * j);
    }
  }
  return null;
}

/**
 * Overwrites A, symmetric and positive definite, with -A⁻¹. Block by block, the pivot block K being factored A_KK = RᵀR:
 *   W = R⁻ᵀ A_K·   A_ij ← A_ij - W_iᵀ W_j   A_K· ← R⁻¹ W   A_KK ← -(RᵀR)⁻¹
 * which leaves -A_SS⁻¹ in the blocks S swept so far and the Schur complement of S in the others: the sums are those of a
 * Cholesky factorisation and of the product of its factor's inverse, in one pass of one kernel over half the matrix.
 * n³ / 2 multiply-adds; sums in single precision, pivots in double. The relative error is about 1e-7 times the condition
 * number of A scaled to a unit diagonal. Source: the sweep operator, Goodnight, "A Tutorial on the SWEEP Operator" (1979).
 * @returns false when A is not positive definite in this precision; A is then half overwritten
 */
export async function invertSymmetric(
  matrix: TileMatrix,
  executor: Executor,
  onProgress?: (share: number) => void,
): Promise<boolean> {
  const { order } = matrix;
  const panels = cutRows(order, () => 1, PANEL_TILES_PER_TASK);
  const rest = cutRows(order, (i) => order - i, TILES_PER_TASK);
  for (let pivotRow = 0; pivotRow < order; pivotRow++) {
    const tasks = (blocks: readonly RowBlock[]) => blocks.map((block) => ({ matrix, pivotRow, ...block }));
    const [isPositive] = await executor.map('sweep-pivot', tasks([{ start: pivotRow, end: pivotRow + 1 }]));
    if (!isPositive) return false;
    await executor.map('sweep-panel', tasks(panels));
    await executor.map('sweep-rest', tasks(rest));
    onProgress?.((pivotRow + 1) / order);
  }
  return true;
}
