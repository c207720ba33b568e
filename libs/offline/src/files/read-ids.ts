import type { DataFile } from './data-file.js';
import { eachLine } from './each-line.js';
import type { IdTable } from './id-table.js';

/** One id a line. @returns their indices @throws InvalidInputError emptyFile, fileNotReadable, damagedGzip */
export async function readIds(file: DataFile, ids: IdTable): Promise<Set<number>> {
  const found = new Set<number>();
  await eachLine(file, (bytes, start, end) => {
    let [from, to] = [start, end];
    while (bytes[from] <= 32) from++;
    while (bytes[to - 1] <= 32) to--;
    found.add(ids.intern(bytes, from, to));
  });
  return found;
}
