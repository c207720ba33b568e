import { InvalidInputError } from '#libs/domain';
import { chunksOf, lineError, type DataFile } from './data-file.js';

/** A customer with a million products still fits; a file that is no text at all ends here. */
const LONGEST_LINE = 1 << 26;
const NEWLINE = 10;
const CARRIAGE_RETURN = 13;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/** Looks at bytes[start … end - 1], without the line's end; they are overwritten afterwards. */
export type VisitLine = (bytes: Uint8Array, start: number, end: number, line: number) => void;

/**
 * Calls visit for each line that is not blank, without making a string or an object of it. Memory: a chunk and the
 * longest line.
 * @throws InvalidInputError emptyFile, brokenLine, fileNotReadable, damagedGzip, and whatever visit throws
 */
export async function eachLine(file: DataFile, visit: VisitLine): Promise<void> {
  const carry = new Carry(file);
  let line = 1;
  let visited = 0;
  const emit = (bytes: Uint8Array, start: number, end: number) => {
    let [from, to] = [start, end];
    if (line === 1 && BYTE_ORDER_MARK.every((byte, i) => bytes[from + i] === byte)) from += 3;
    if (to > from && bytes[to - 1] === CARRIAGE_RETURN) to--;
    if (!isBlank(bytes, from, to)) {
      visit(bytes, from, to, line);
      visited++;
    }
    line++;
  };
  for await (const chunk of chunksOf(file)) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      if (carry.length === 0) {
        emit(chunk, start, end);
      } else {
        carry.append(chunk, start, end, line);
        emit(carry.bytes, 0, carry.length);
        carry.length = 0;
      }
      start = end + 1;
    }
    carry.append(chunk, start, chunk.length, line);
  }
  if (carry.length > 0) emit(carry.bytes, 0, carry.length);
  if (visited === 0) throw new InvalidInputError('emptyFile', `${file.name} is empty.`);
}

function isBlank(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (bytes[i] > 32) return false;
  return true;
}

/** A line's beginning, from one chunk to the next. */
class Carry {
  bytes = new Uint8Array(1 << 16);
  length = 0;

  constructor(private readonly file: DataFile) {}

  append(chunk: Uint8Array, start: number, end: number, line: number): void {
    const needed = this.length + end - start;
    if (needed > LONGEST_LINE)
      throw lineError(this.file, line, 'line', 'tooLong', `it is longer than ${LONGEST_LINE} bytes`);
    if (needed > this.bytes.length) {
      const larger = new Uint8Array(2 * needed);
      larger.set(this.bytes.subarray(0, this.length));
      this.bytes = larger;
    }
    this.bytes.set(chunk.subarray(start, end), this.length);
    this.length = needed;
  }
}
