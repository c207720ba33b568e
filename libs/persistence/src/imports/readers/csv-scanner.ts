import type { RecordFault } from '#libs/domain';

/** A record longer than this is refused, whatever it is: memory stays bounded by it. In characters. */
export const LONGEST_RECORD = 1024 * 1024;
const SHOWN_RAW = 1000;

export interface ScannedRecord {
  readonly values: readonly string[];
  readonly raw: string;
  readonly fault: RecordFault | undefined;
}

export const tooLongFault: RecordFault = {
  code: 'recordTooLong',
  message: `A record has at most ${LONGEST_RECORD} characters.`,
};
const strayQuote: RecordFault = {
  code: 'malformedQuotes',
  message: 'A quote stands inside a value that does not begin with one, or text follows a closing quote.',
};
const openQuote: RecordFault = { code: 'malformedQuotes', message: 'A quote is opened and never closed.' };

const NEWLINE = 10;
const RETURN = 13;

/**
 * Cuts text that arrives in chunks into records (RFC 4180; LF or CRLF; blank lines skipped).
 *
 * csv-parse was measured first: it stops for good at a record that is too long and at most quoting mistakes. Here a damaged
 * record costs one row: scanning goes on after the first line break behind its beginning, so that a stray quote does not
 * swallow the rows after it. A spec compares both on random files.
 */
export class CsvScanner {
  private text = '';
  private position = 0;
  /** Inside a record that was refused as too long. */
  private skipping = false;
  private nextQuote = -1;
  private readonly delimiterCode: number;
  private readonly quoteCode: number;

  constructor(
    private readonly delimiter: string,
    private readonly quote: string | null,
  ) {
    this.delimiterCode = delimiter.charCodeAt(0);
    this.quoteCode = quote === null ? -1 : quote.charCodeAt(0);
  }

  /** The records that the chunk completes; with `final`, whatever is left is the last one. */
  feed(chunk: string, final = false): ScannedRecord[] {
    this.text = this.position === this.text.length ? chunk : this.text.slice(this.position) + chunk;
    this.position = 0;
    this.nextQuote = -1;
    const records: ScannedRecord[] = [];
    if (this.skipping && !this.skipLine()) return records;
    while (this.position < this.text.length) {
      const start = this.position;
      const record = this.scan(start, final);
      if (record !== undefined) {
        if (record !== BLANK) records.push(record);
        continue;
      }
      if (this.text.length - start > LONGEST_RECORD) {
        records.push({ values: [], raw: this.text.slice(start, start + SHOWN_RAW), fault: tooLongFault });
        this.skipLine();
      }
      if (this.position === start || this.skipping) break;
    }
    return records;
  }

  /** Moves behind the next line break; when there is none yet, drops the text and says false. */
  private skipLine(): boolean {
    const end = this.text.indexOf('\n', this.position);
    this.skipping = end < 0;
    this.position = end < 0 ? this.text.length : end + 1;
    return end >= 0;
  }

  /** The record at `start`, or undefined while its end has not arrived. */
  private scan(start: number, final: boolean): ScannedRecord | undefined {
    const lineEnd = this.text.indexOf('\n', start);
    if (lineEnd < 0 && !final) return undefined;
    const end = lineEnd < 0 ? this.text.length : lineEnd;
    if (!this.hasQuoteBefore(start, end)) return this.plainLine(start, end);
    return this.quotedRecord(start, final);
  }

  private hasQuoteBefore(start: number, end: number): boolean {
    if (this.quote === null) return false;
    if (this.nextQuote < start) {
      const found = this.text.indexOf(this.quote, start);
      this.nextQuote = found < 0 ? Infinity : found;
    }
    return this.nextQuote < end;
  }

  private plainLine(start: number, end: number): ScannedRecord {
    this.position = end + 1 > this.text.length ? end : end + 1;
    const contentEnd = end > start && this.text.charCodeAt(end - 1) === RETURN ? end - 1 : end;
    if (contentEnd === start) return BLANK;
    const raw = this.text.slice(start, contentEnd);
    if (raw.length > LONGEST_RECORD) return { values: [], raw: raw.slice(0, SHOWN_RAW), fault: tooLongFault };
    return { values: raw.split(this.delimiter), raw, fault: undefined };
  }

  private quotedRecord(start: number, final: boolean): ScannedRecord | undefined {
    const { text } = this;
    const values: string[] = [];
    let at = start;
    for (;;) {
      let end: number;
      if (text.charCodeAt(at) === this.quoteCode) {
        const close = this.closingQuote(at + 1, final);
        if (close < 0) return final ? this.damaged(start, openQuote) : undefined;
        end = close + 1;
        values.push(this.unquoted(at + 1, close));
      } else {
        end = this.plainEnd(at);
        if (end < 0) return this.damagedOrIncomplete(start, final);
        const last =
          end > at && text.charCodeAt(end) !== this.delimiterCode && text.charCodeAt(end - 1) === RETURN
            ? end - 1
            : end;
        values.push(text.slice(at, last));
      }
      if (end < text.length && text.charCodeAt(end) === this.delimiterCode) {
        at = end + 1;
        continue;
      }
      const next = this.recordEnd(end, final);
      if (next === undefined) return undefined;
      if (next < 0) return this.damagedOrIncomplete(start, final);
      this.position = next;
      if (end - start > LONGEST_RECORD)
        return { values: [], raw: text.slice(start, start + SHOWN_RAW), fault: tooLongFault };
      return { values, raw: text.slice(start, end), fault: undefined };
    }
  }

  /** Position of the quote that ends the value, or -1 when it has not arrived. Doubled quotes are part of the value. */
  private closingQuote(from: number, final: boolean): number {
    const quote = this.quote as string;
    let at = this.text.indexOf(quote, from);
    while (at >= 0 && this.text.charCodeAt(at + 1) === this.quoteCode) at = this.text.indexOf(quote, at + 2);
    // The last character may be the first half of a doubled quote.
    return at === this.text.length - 1 && !final ? -1 : at;
  }

  private unquoted(from: number, to: number): string {
    const value = this.text.slice(from, to);
    const quote = this.quote as string;
    return value.includes(quote) ? value.replaceAll(quote + quote, quote) : value;
  }

  /** End of a value without quotes; -1 when a quote stands inside it. */
  private plainEnd(from: number): number {
    const { text, delimiterCode, quoteCode } = this;
    for (let at = from; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      if (code === delimiterCode || code === NEWLINE) return at;
      if (code === quoteCode) return -1;
    }
    return text.length;
  }

  /** Where the next record begins when this one ends at `end`; undefined: cannot be told yet; -1: something else follows. */
  private recordEnd(end: number, final: boolean): number | undefined {
    const { text } = this;
    if (end >= text.length) return final ? text.length : undefined;
    if (text.charCodeAt(end) === NEWLINE) return end + 1;
    if (text.charCodeAt(end) !== RETURN) return -1;
    if (end + 1 >= text.length) return final ? text.length : undefined;
    return text.charCodeAt(end + 1) === NEWLINE ? end + 2 : -1;
  }

  private damagedOrIncomplete(start: number, final: boolean): ScannedRecord | undefined {
    return final || this.text.indexOf('\n', start) >= 0 ? this.damaged(start, strayQuote) : undefined;
  }

  /** One line is lost, not the lines that a stray quote would take with it. */
  private damaged(start: number, fault: RecordFault): ScannedRecord {
    const lineEnd = this.text.indexOf('\n', start);
    this.position = lineEnd < 0 ? this.text.length : lineEnd + 1;
    return { values: [], raw: this.text.slice(start, lineEnd < 0 ? this.text.length : lineEnd), fault };
  }
}

const BLANK: ScannedRecord = { values: [], raw: '', fault: undefined };
