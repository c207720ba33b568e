import { AlgorithmRangeError } from '../../errors.js';
import type { LocalGramSource } from '../product-weights/local-gram.js';
import { LocalGram } from '../product-weights/local-gram.js';
import type { RowBlock } from '../../kernels/row-blocks.js';
import type { TileMatrix } from '../product-weights/symmetric-inverse.js';
import { cellOf, TILE } from '../product-weights/symmetric-inverse.js';
import { withScratch } from '../../kernels/wasm/kernel-memory.js';
import type { WeightLists } from '../product-weights/weight-lists.js';
import { WeightKeeper } from '../product-weights/weight-lists.js';

/** No finite matrix needs more: its values have overflowed. */
const LARGEST_SHIFT = 1e30;

export function singular(): AlgorithmRangeError {
  return new AlgorithmRangeError('NOT_POSITIVE_DEFINITE', 'regularisation', 'is too small for this data');
}

interface InverseTask extends RowBlock {
  /** -P, of so many products. */
  readonly matrix: TileMatrix;
  readonly products: number;
}

/** out[i] = -P_ij, which is -P_ji, for i = 0 … products - 1. */
function readInverse(out: Float32Array, { tiles, order }: TileMatrix, j: number, products: number): void {
  for (let i = 0; i < j; i++) out[i] = tiles[cellOf(order, i, j)];
  // On and right of the diagonal a row lies in one piece in each tile.
  for (let i = j; i < products;) {
    const cell = cellOf(order, j, i) - i;
    const end = Math.min(products, (Math.floor(i / TILE) + 1) * TILE);
    for (; i < end; i++) out[i] = tiles[cell + i];
  }
}

export interface InverseColumnsTask extends InverseTask {
  /** Written: columns start … end - 1. */
  readonly lists: WeightLists;
}

/** B_ij = -P_ij / P_jj, the largest of each column. */
export function runInverseColumns({ matrix, products, lists, start, end }: InverseColumnsTask): null {
  const keeper = new WeightKeeper(lists);
  const weights = new Float32Array(products);
  for (let j = start; j < end; j++) {
    readInverse(weights, matrix, j, products);
    const diagonal = -weights[j];
    weights[j] = 0;
    for (let i = 0; i < products; i++) weights[i] /= diagonal;
    keeper.keep(j, weights, products);
  }
  return null;
}

export interface InverseRowsTask extends InverseTask {
  /** Written: rows start … end - 1 of products × products. */
  readonly weights: Float32Array;
}

/** All B_ij = -P_ij / P_jj. */
export function runInverseRows({ matrix, products, weights, start, end }: InverseRowsTask): null {
  const { tiles, order } = matrix;
  const diagonal = Float32Array.from({ length: products }, (_, j) => -tiles[cellOf(order, j, j)]);
  for (let i = start; i < end; i++) {
    const row = weights.subarray(i * products, (i + 1) * products);
    readInverse(row, matrix, i, products);
    row[i] = 0;
    for (let j = 0; j < products; j++) row[j] /= diagonal[j];
  }
  return null;
}

export interface RidgeColumnsTask extends RowBlock {
  /** Diagonals G_ii + λ_i. */
  readonly source: LocalGramSource;
  /** Written: columns start … end - 1. */
  readonly lists: WeightLists;
}

/** B_Cj, the solution of (G_CC + Λ_C) x = G_Cj for the products C most like product j. */
export function runRidgeColumns({ source, lists, start, end }: RidgeColumnsTask): null {
  const keeper = new WeightKeeper(lists);
  return withScratch(source.scratch, (at) => {
    const local = new LocalGram(source, at);
    const { kernels, matrix, right, width } = local;
    for (let j = start; j < end; j++) {
      local.gather(j);
      if (local.count === 0) continue;
      // Entries that the sparse rows had no room for can make the matrix indefinite: then the diagonal grows until it is not.
      let shift = 0;
      while (kernels.solveShifted(right.byteOffset, matrix.byteOffset, width, shift) === 0) {
        local.gatherMatrix();
        shift = shift === 0 ? source.diagonals[j] : 2 * shift;
        if (!(shift < LARGEST_SHIFT)) throw singular();
      }
      keeper.keep(j, right, local.count, local.chosen);
    }
    return null;
  });
}
