import { lineError, type DataFile } from './data-file.js';
import { eachLine } from './each-line.js';
import { grown } from './id-table.js';
import type { IdTables } from './interaction-columns.js';

/** What each pair is ranked against: pair i against products[offsets[i] … offsets[i + 1] - 1]. */
export interface NegativeColumns {
  readonly customers: Int32Array;
  readonly positives: Int32Array;
  /** Line of each pair, from 1. */
  readonly lines: Int32Array;
  readonly offsets: Int32Array;
  readonly products: Int32Array;
}

const [OPEN, CLOSE, COMMA, TAB] = [40, 41, 44, 9];

/**
 * `(customer,product)` and then the products that it is ranked against, separated by tabs.
 * @throws InvalidInputError brokenLine, emptyFile, fileNotReadable, damagedGzip
 */
export async function readNegatives(file: DataFile, ids: IdTables): Promise<NegativeColumns> {
  const reader = new NegativeReader(file, ids);
  await eachLine(file, (bytes, start, end, line) => reader.read(bytes, start, end, line));
  return reader.finish();
}

class NegativeReader {
  private count = 0;
  private filled = 0;
  private customers = new Int32Array(1 << 10);
  private positives = new Int32Array(1 << 10);
  private lines = new Int32Array(1 << 10);
  private ends = new Int32Array(1 << 10);
  private products = new Int32Array(1 << 14);

  constructor(
    private readonly file: DataFile,
    private readonly ids: IdTables,
  ) {}

  read(bytes: Uint8Array, start: number, end: number, line: number): void {
    const tab = bytes.indexOf(TAB, start);
    const head = tab < 0 || tab >= end ? end : tab;
    const comma = bytes.indexOf(COMMA, start);
    const isPair =
      bytes[start] === OPEN && bytes[head - 1] === CLOSE && comma > start + 1 && comma < head - 2;
    if (!isPair)
      throw lineError(this.file, line, 'pair', 'missing', 'it does not begin with (customer,product)');
    if (head === end)
      throw lineError(this.file, line, 'negatives', 'missing', 'there are none after the pair');
    const { customers, products } = this.ids;
    this.open(customers.intern(bytes, start + 1, comma), products.intern(bytes, comma + 1, head - 1), line);
    for (let from = head + 1; from <= end;) {
      const next = bytes.indexOf(TAB, from);
      const to = next < 0 || next > end ? end : next;
      if (to === from && to < end)
        throw lineError(this.file, line, 'negatives', 'missing', 'one of them is empty');
      if (to > from) this.add(products.intern(bytes, from, to));
      from = to + 1;
    }
    this.ends[this.count - 1] = this.filled;
  }

  private open(customer: number, positive: number, line: number): void {
    const row = this.count++;
    if (row === this.customers.length) {
      this.customers = grown(this.customers, Int32Array, row);
      this.positives = grown(this.positives, Int32Array, row);
      this.lines = grown(this.lines, Int32Array, row);
      this.ends = grown(this.ends, Int32Array, row);
    }
    this.customers[row] = customer;
    this.positives[row] = positive;
    this.lines[row] = line;
  }

  private add(product: number): void {
    if (this.filled === this.products.length) this.products = grown(this.products, Int32Array, this.filled);
    this.products[this.filled++] = product;
  }

  finish(): NegativeColumns {
    const offsets = new Int32Array(this.count + 1);
    offsets.set(this.ends.subarray(0, this.count), 1);
    return {
      customers: this.customers.slice(0, this.count),
      positives: this.positives.slice(0, this.count),
      lines: this.lines.slice(0, this.count),
      offsets,
      products: this.products.slice(0, this.filled),
    };
  }
}
