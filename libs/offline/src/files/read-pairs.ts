import { lineError, type DataFile } from './data-file.js';
import { eachLine } from './each-line.js';
import { Fields, numberIn, separatorOf, textIn, type Separator } from './fields.js';
import { ColumnsBuilder, type IdTables, type InteractionColumns } from './interaction-columns.js';

const FIELD_NAMES = ['customer', 'product', 'value', 'time'];
/** What the first column is called in a file that begins with names. */
const HEADERS = ['customer', 'customerid', 'user', 'userid', 'uid'];
const LARGEST_VALUE = 3.4e38;

/**
 * `customer, product[, value[, time]]` a line, separated by tab, comma or `::`, all lines alike; a first line of names is
 * left out when its first is one of "customer", "customer_id", "user", "user_id", "uid". Times are checked and not kept.
 * @throws InvalidInputError brokenLine, emptyFile, fileNotReadable, damagedGzip
 */
export async function readPairs(file: DataFile, ids: IdTables): Promise<InteractionColumns> {
  const reader = new PairReader(file, ids);
  await eachLine(file, (bytes, start, end, line) => reader.read(bytes, start, end, line));
  return reader.finish();
}

class PairReader {
  private readonly fields = new Fields();
  private separator: Separator | undefined;
  private width = 0;
  private columns: ColumnsBuilder | undefined;

  constructor(
    private readonly file: DataFile,
    private readonly ids: IdTables,
  ) {}

  read(bytes: Uint8Array, start: number, end: number, line: number): void {
    this.separator ??= separatorOf(bytes, start, end);
    if (this.separator === undefined)
      this.refuse(line, 'product', 'missing', 'there is no tab, comma or :: after the customer');
    const { fields } = this;
    fields.split(bytes, start, end, this.separator);
    if (this.width === 0) {
      this.width = fields.count;
      if (isHeader(bytes, fields)) return;
    }
    this.columns ??= new ColumnsBuilder(this.width > 2);
    this.checkWidth(line);
    const { starts, ends } = fields;
    for (let f = 0; f < 2; f++)
      if (starts[f] === ends[f]) this.refuse(line, FIELD_NAMES[f], 'missing', 'it is empty');
    const value = this.width > 2 ? this.valueIn(bytes, line) : 1;
    if (this.width > 3) this.checkTime(bytes, line);
    const customer = this.ids.customers.intern(bytes, starts[0], ends[0]);
    this.columns.add(customer, this.ids.products.intern(bytes, starts[1], ends[1]), value);
  }

  finish(): InteractionColumns {
    return (this.columns ?? new ColumnsBuilder(false)).finish();
  }

  private checkWidth(line: number): void {
    const { count } = this.fields;
    const wanted = Math.max(2, this.width);
    if (count < wanted)
      this.refuse(line, FIELD_NAMES[count] ?? `field ${count + 1}`, 'missing', 'it is missing');
    if (count > wanted || count > FIELD_NAMES.length)
      this.refuse(
        line,
        `field ${Math.min(wanted, FIELD_NAMES.length) + 1}`,
        'unexpected',
        'there is one too many',
      );
  }

  private valueIn(bytes: Uint8Array, line: number): number {
    const [start, end] = [this.fields.starts[2], this.fields.ends[2]];
    const value = numberIn(bytes, start, end);
    if (value >= 0 && value <= LARGEST_VALUE) return value;
    const text = JSON.stringify(textIn(bytes, start, Math.min(end, start + 40)));
    if (start === end) this.refuse(line, 'value', 'missing', 'it is empty');
    if (value < 0) this.refuse(line, 'value', 'negative', `${text} is negative`);
    if (value > LARGEST_VALUE || /^"[-+]?inf/i.test(text))
      this.refuse(line, 'value', 'notFinite', `${text} is not finite`);
    this.refuse(line, 'value', 'notANumber', `${text} is not a number`);
  }

  private checkTime(bytes: Uint8Array, line: number): void {
    const [start, end] = [this.fields.starts[3], this.fields.ends[3]];
    if (Number.isFinite(numberIn(bytes, start, end))) return;
    const text = textIn(bytes, start, Math.min(end, start + 40));
    if (Number.isNaN(Date.parse(text)))
      this.refuse(line, 'time', 'badDate', `${JSON.stringify(text)} is neither a number nor a date`);
  }

  private refuse(line: number, field: string, code: string, message: string): never {
    throw lineError(this.file, line, field, code, message);
  }
}

function isHeader(bytes: Uint8Array, { starts, ends }: Fields): boolean {
  const first = textIn(bytes, starts[0], Math.min(ends[0], starts[0] + 40));
  return HEADERS.includes(first.toLowerCase().replace(/[_\s"]/g, ''));
}
