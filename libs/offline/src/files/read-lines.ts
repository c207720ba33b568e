import type { DataFile } from './data-file.js';
import { eachLine } from './each-line.js';
import { ColumnsBuilder, type IdTables, type InteractionColumns } from './interaction-columns.js';

/**
 * A customer and then their products, separated by white space; a customer may come in several lines, and alone.
 * @throws InvalidInputError brokenLine, emptyFile, fileNotReadable, damagedGzip
 */
export async function readLines(file: DataFile, ids: IdTables): Promise<InteractionColumns> {
  const columns = new ColumnsBuilder(false);
  await eachLine(file, (bytes, start, end) => {
    let customer = -1;
    for (let from = start; from < end;) {
      while (from < end && bytes[from] <= 32) from++;
      let to = from;
      while (to < end && bytes[to] > 32) to++;
      if (to === from) break;
      if (customer < 0) customer = ids.customers.intern(bytes, from, to);
      else columns.add(customer, ids.products.intern(bytes, from, to), 1);
      from = to;
    }
  });
  return columns.finish();
}
