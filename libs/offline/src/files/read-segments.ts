import { lineError, type DataFile } from './data-file.js';
import { eachLine } from './each-line.js';
import { Fields, separatorOf, type Separator } from './fields.js';
import { IdTable } from './id-table.js';

/** What the rest of the customers are called. */
const NO_SEGMENT = '';

export interface Segments {
  /** Segment 0 is that of the customers whom the file does not name. */
  readonly names: readonly string[];
  readonly segmentOfCustomer: Int32Array;
}

/**
 * `customer, segment` a line, separated by tab, comma or `::`; further fields are left out, and so are customers whom no
 * other file names. The last line of a customer counts.
 * @throws InvalidInputError brokenLine, emptyFile, fileNotReadable, damagedGzip
 */
export async function readSegments(file: DataFile, customers: IdTable): Promise<Segments> {
  const fields = new Fields();
  const segments = new IdTable();
  segments.intern(new Uint8Array(0), 0, 0);
  const segmentOfCustomer = new Int32Array(customers.size);
  let separator: Separator | undefined;
  await eachLine(file, (bytes, start, end, line) => {
    separator ??= separatorOf(bytes, start, end);
    fields.split(bytes, start, end, separator ?? 'tab');
    const { count, starts, ends } = fields;
    if (count < 2 || starts[1] === ends[1])
      throw lineError(file, line, 'segment', 'missing', 'it is missing');
    const customer = customers.find(bytes, starts[0], ends[0]);
    if (customer >= 0) segmentOfCustomer[customer] = segments.intern(bytes, starts[1], ends[1]);
  });
  const names = Array.from({ length: segments.size }, (_, segment) =>
    segment === 0 ? NO_SEGMENT : segments.textOf(segment),
  );
  return { names, segmentOfCustomer };
}
