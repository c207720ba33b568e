import { sharedFloat32, sharedInt32 } from '../parallel/shared-arrays.js';
import type { Csr } from './csr.js';

/** Entries (row[e], column[e], value[e]) for the e in `selected`, several of which may fall on one cell. */
export interface PairEntries {
  readonly rows: number;
  readonly columns: number;
  readonly selected: Int32Array;
  readonly row: Int32Array;
  readonly column: Int32Array;
  /** Indexed like row and column. */
  readonly value: Float32Array;
}

/** Stable counting sort of `items` by keys[item]. */
function sortByKey(items: Int32Array, keys: Int32Array, keyCount: number): Int32Array {
  const cursor = new Int32Array(keyCount + 1);
  for (let i = 0; i < items.length; i++) cursor[keys[items[i]] + 1]++;
  for (let k = 0; k < keyCount; k++) cursor[k + 1] += cursor[k];
  const sorted = new Int32Array(items.length);
  for (let i = 0; i < items.length; i++) sorted[cursor[keys[items[i]]]++] = items[i];
  return sorted;
}

/** Calls visit(row, column, values ascending) for each distinct cell, in row-major order. */
function visitCells(
  entries: PairEntries,
  visit: (row: number, column: number, values: Float32Array) => void,
): void {
  const byColumn = sortByKey(entries.selected, entries.column, entries.columns);
  const sorted = sortByKey(byColumn, entries.row, entries.rows);
  const { row, column, value } = entries;
  let scratch = new Float32Array(64);
  // Nearly every cell has one entry: one view serves them all.
  const single = new Float32Array(1);
  for (let start = 0; start < sorted.length;) {
    const r = row[sorted[start]];
    const c = column[sorted[start]];
    let end = start + 1;
    while (end < sorted.length && column[sorted[end]] === c && row[sorted[end]] === r) end++;
    if (end === start + 1) {
      single[0] = value[sorted[start]];
      visit(r, c, single);
    } else {
      if (end - start > scratch.length) scratch = new Float32Array(2 * (end - start));
      for (let i = start; i < end; i++) scratch[i - start] = value[sorted[i]];
      visit(r, c, scratch.subarray(0, end - start).sort());
    }
    start = end;
  }
}

export function sumOf(values: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum;
}

export function meanOf(values: Float32Array): number {
  return sumOf(values) / values.length;
}

/**
 * One cell for each distinct (row, column), its value `reduce(values)`; cells that are not positive are dropped. Values
 * reach `reduce` in ascending order, so that floating-point sums do not depend on the order of the entries.
 * O(entries + rows + columns) and the small sorts.
 */
export function groupPairs(entries: PairEntries, reduce: (values: Float32Array) => number): Csr {
  const offsets = sharedInt32(entries.rows + 1);
  const indices = new Int32Array(entries.selected.length);
  const values = new Float32Array(entries.selected.length);
  let filled = 0;
  visitCells(entries, (row, column, members) => {
    const value = Math.fround(reduce(members));
    if (!(value > 0)) return;
    indices[filled] = column;
    values[filled++] = value;
    offsets[row + 1]++;
  });
  for (let r = 0; r < entries.rows; r++) offsets[r + 1] += offsets[r];
  const outIndices = sharedInt32(filled);
  const outValues = sharedFloat32(filled);
  outIndices.set(indices.subarray(0, filled));
  outValues.set(values.subarray(0, filled));
  return { rows: entries.rows, columns: entries.columns, offsets, indices: outIndices, values: outValues };
}
