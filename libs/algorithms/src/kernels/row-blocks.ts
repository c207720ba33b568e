/** Rows [start, end) of a matrix. */
export interface RowBlock {
  readonly start: number;
  readonly end: number;
}

/** Of what is left, each thread may take this share at once; the last blocks are short, so that all end together. */
const SHARE = 0.5;
/** And no block is shorter than this share of a thread's part: a message costs some 50 µs. */
const LEAST_SHARE = 1 / 32;

/**
 * Cuts rows into consecutive blocks for that many threads, ever shorter ones, where row r costs cost(r). For work whose
 * result does not depend on the cut.
 * @param mostCost of a block (unless a single row costs more), so that a thread which waits for its turn gets one
 */
export function cutRowsFor(
  threads: number,
  rows: number,
  cost: (row: number) => number,
  mostCost: number,
): RowBlock[] {
  let left = 0;
  for (let r = 0; r < rows; r++) left += cost(r);
  const least = (left / threads) * LEAST_SHARE;
  const blocks: RowBlock[] = [];
  let start = 0;
  let sum = 0;
  let most = 0;
  for (let r = 0; r < rows; r++) {
    if (start === r) most = Math.min(mostCost, Math.max(least, (left * SHARE) / threads));
    sum += cost(r);
    if (sum < most && r < rows - 1) continue;
    blocks.push({ start, end: r + 1 });
    start = r + 1;
    left -= sum;
    sum = 0;
  }
  return blocks;
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
