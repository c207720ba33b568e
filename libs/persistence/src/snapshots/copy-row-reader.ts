import { KnownTexts } from './known-texts.js';

const TAB = 0x09;
const NEWLINE = 0x0a;
const BACKSLASH = 0x5c;

const ESCAPES: Readonly<Record<string, string>> = {
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
};

/**
 * Reads PostgreSQL's COPY text format chunk by chunk. It is itself the row that it hands out: fields are read from the
 * bytes only when asked for, and no object is made per row.
 */
export class CopyRowReader {
  private rest: Buffer = Buffer.alloc(0);
  private bytes: Buffer = this.rest;
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];
  /** Whether a backslash stands anywhere in the row. */
  private hasEscapes = false;

  /** @param known may be shared with what is read before and after */
  constructor(private readonly known = new KnownTexts()) {}

  push(chunk: Buffer, take: (row: this) => void): void {
    const bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    this.bytes = bytes;
    let start = 0;
    for (;;) {
      const end = bytes.indexOf(NEWLINE, start);
      if (end < 0) break;
      this.splitFields(start, end);
      take(this);
      start = end + 1;
    }
    this.rest = start === bytes.length ? Buffer.alloc(0) : bytes.subarray(start);
  }

  /** @throws Error when the stream stopped inside a row */
  end(): void {
    if (this.rest.length > 0) throw new Error('The database stopped in the middle of a row.');
  }

  /** Field `index`, which must not be NULL. */
  text(index: number): string {
    const raw = this.bytes.toString('utf8', this.starts[index], this.ends[index]);
    return this.hasEscapes && raw.includes('\\') ? unescape(raw) : raw;
  }

  /** Field `index`, or undefined for NULL. */
  optional(index: number): string | undefined {
    return this.isNull(index) ? undefined : this.text(index);
  }

  /** As `text`, for what many rows have in common: the same text is one string, which knows its hash already. */
  repeated(index: number): string {
    return this.hasEscapes
      ? this.text(index)
      : this.known.find(this.bytes, this.starts[index], this.ends[index]);
  }

  optionalRepeated(index: number): string | undefined {
    return this.isNull(index) ? undefined : this.repeated(index);
  }

  /** Field `index` as a number, NaN for NULL. */
  number(index: number): number {
    if (this.isNull(index)) return NaN;
    const plain = plainDecimal(this.bytes, this.starts[index], this.ends[index]);
    if (plain !== undefined) return plain;
    return Number(this.bytes.toString('latin1', this.starts[index], this.ends[index]));
  }

  private isNull(index: number): boolean {
    const start = this.starts[index];
    return (
      this.ends[index] - start === 2 && this.bytes[start] === BACKSLASH && this.bytes[start + 1] === 0x4e
    );
  }

  private splitFields(start: number, end: number): void {
    const { bytes } = this;
    this.hasEscapes = false;
    let field = 0;
    let from = start;
    for (let at = start; at < end; at++) {
      const byte = bytes[at];
      if (byte === BACKSLASH) this.hasEscapes = true;
      if (byte !== TAB) continue;
      this.starts[field] = from;
      this.ends[field++] = at;
      from = at + 1;
    }
    this.starts[field] = from;
    this.ends[field] = end;
  }
}

function unescape(raw: string): string {
  return raw.replace(/\\(.)/gs, (_, letter: string) => ESCAPES[letter] ?? letter);
}

const [ZERO, NINE, MINUS, POINT] = [0x30, 0x39, 0x2d, 0x2e];
/** So many digits are exact in a double, and so is their quotient by a power of ten: the nearest double, as `Number` finds it. */
const EXACT_DIGITS = 15;
const POWERS_OF_TEN = Array.from({ length: EXACT_DIGITS + 1 }, (_, digits) => Number(`1e${digits}`));

/** Digits with a point or without; undefined for everything else, which is for `Number`. */
function plainDecimal(bytes: Buffer, start: number, end: number): number | undefined {
  const first = bytes[start] === MINUS ? start + 1 : start;
  if (end - first > EXACT_DIGITS + 1 || end === first) return undefined;
  let mantissa = 0;
  let fraction = -1;
  for (let at = first; at < end; at++) {
    const byte = bytes[at];
    if (byte >= ZERO && byte <= NINE) {
      mantissa = 10 * mantissa + (byte - ZERO);
      if (fraction >= 0) fraction++;
    } else if (byte === POINT && fraction < 0) fraction = 0;
    else return undefined;
  }
  const digits = end - first - (fraction < 0 ? 0 : 1);
  if (digits === 0 || digits > EXACT_DIGITS) return undefined;
  const value = fraction > 0 ? mantissa / POWERS_OF_TEN[fraction] : mantissa;
  return first > start ? -value : value;
}
