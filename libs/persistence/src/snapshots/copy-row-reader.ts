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
    const start = this.starts[index];
    const end = this.ends[index];
    const raw = this.bytes.toString('utf8', start, end);
    return this.bytes.subarray(start, end).includes(BACKSLASH) ? unescape(raw) : raw;
  }

  /** Field `index`, or undefined for NULL. */
  optional(index: number): string | undefined {
    return this.isNull(index) ? undefined : this.text(index);
  }

  /** Field `index` as a number, NaN for NULL. */
  number(index: number): number {
    return this.isNull(index)
      ? NaN
      : Number(this.bytes.toString('latin1', this.starts[index], this.ends[index]));
  }

  private isNull(index: number): boolean {
    const start = this.starts[index];
    return (
      this.ends[index] - start === 2 && this.bytes[start] === BACKSLASH && this.bytes[start + 1] === 0x4e
    );
  }

  private splitFields(start: number, end: number): void {
    let field = 0;
    let from = start;
    for (let at = start; at < end; at++) {
      if (this.bytes[at] !== TAB) continue;
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
