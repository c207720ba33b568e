const MOST_FIELDS = 8;
const COLON = 58;
const SPACE = 32;

export type Separator = 'tab' | 'comma' | 'colons' | 'white space';

/** Tab, `::` or comma, whichever stands in the line; undefined for none. */
export function separatorOf(bytes: Uint8Array, start: number, end: number): Separator | undefined {
  let hasComma = false;
  let hasColons = false;
  for (let i = start; i < end; i++) {
    if (bytes[i] === 9) return 'tab';
    if (bytes[i] === 44) hasComma = true;
    if (bytes[i] === COLON && i + 1 < end && bytes[i + 1] === COLON) hasColons = true;
  }
  if (hasColons) return 'colons';
  return hasComma ? 'comma' : undefined;
}

/** Cuts a line into fields, as ranges of bytes. The arrays are used again for the next line. */
export class Fields {
  count = 0;
  readonly starts = new Int32Array(MOST_FIELDS);
  readonly ends = new Int32Array(MOST_FIELDS);

  /** Spaces around a field do not belong to it. Fields beyond the eighth are counted only. */
  split(bytes: Uint8Array, start: number, end: number, separator: Separator): void {
    const byte = separator === 'tab' ? 9 : separator === 'comma' ? 44 : COLON;
    const width = separator === 'colons' ? 2 : 1;
    this.count = 0;
    let from = start;
    for (let i = start; i < end; i++) {
      if (bytes[i] !== byte || (width === 2 && bytes[i + 1] !== COLON)) continue;
      this.add(bytes, from, i);
      from = i + width;
      i += width - 1;
    }
    this.add(bytes, from, end);
  }

  private add(bytes: Uint8Array, start: number, end: number): void {
    const place = this.count++;
    if (place >= MOST_FIELDS) return;
    let [from, to] = [start, end];
    while (from < to && bytes[from] === SPACE) from++;
    while (to > from && bytes[to - 1] === SPACE) to--;
    this.starts[place] = from;
    this.ends[place] = to;
  }
}

/** The number in bytes[start … end - 1], NaN if it is none. Plain digits with at most one point take the short way. */
export function numberIn(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  let scale = 0;
  if (end - start <= 15) {
    let i = start;
    for (; i < end; i++) {
      const digit = bytes[i] - 48;
      if (digit >= 0 && digit <= 9) {
        value = value * 10 + digit;
        scale *= 10;
      } else if (bytes[i] === 46 && scale === 0) scale = 1;
      else break;
    }
    if (i === end && end > start && end - start > (scale === 0 ? 0 : 1))
      return scale > 1 ? value / scale : value;
  }
  const text = textIn(bytes, start, end);
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) ? Number(text) : NaN;
}

export function textIn(bytes: Uint8Array, start: number, end: number): string {
  return new TextDecoder().decode(bytes.subarray(start, end));
}
