/** Rows [start, end) of a matrix. */
export interface RowBlock {
  readonly start: number;
  readonly end: number;
}

/**
 * Cuts rows into consecutive blocks of about `blockCost` each, where row r costs cost(r). The cut depends on the data
 * alone, never on the number of threads; many small blocks let threads balance the load.
 */
export function cutRows(rows: number, cost: (row: number) => number, blockCost: number): RowBlock[] {
  const blocks: RowBlock[] = [];
  let start = 0;
  let sum = 0;
  for (let r = 0; r < rows; r++) {
    sum += cost(r);
    if (sum >= blockCost) {
      blocks.push({ start, end: r + 1 });
      start = r + 1;
      sum = 0;
    }
  }
  if (start < rows) blocks.push({ start, end: rows });
  return blocks;
}
