const SLOTS = 2 ** 14;
/** Longer ones are rare, and comparing them costs as much as reading them anew. */
const LONGEST_BYTES = 48;

/**
 * Texts that were read before, found by their bytes: a string that is made once for many rows costs them neither its making nor
 * the hash under which maps look it up. One text in a slot: what comes later takes the place of what was there.
 */
export class KnownTexts {
  private readonly texts: (string | undefined)[];
  private readonly lengths: Uint8Array;
  private readonly bytes: Uint8Array;

  /** @param slots a power of two */
  constructor(private readonly slots = SLOTS) {
    this.texts = new Array<string | undefined>(slots);
    this.lengths = new Uint8Array(slots);
    this.bytes = new Uint8Array(slots * LONGEST_BYTES);
  }

  /** The text of bytes start … end - 1. */
  find(from: Buffer, start: number, end: number): string {
    const length = end - start;
    if (length > LONGEST_BYTES) return from.toString('utf8', start, end);
    // FNV-1a (Fowler, Noll and Vo), folded.
    let hash = 0x811c9dc5;
    for (let at = start; at < end; at++) hash = Math.imul(hash ^ from[at], 0x01000193);
    const slot = (hash ^ (hash >>> 15)) & (this.slots - 1);
    const text = this.texts[slot];
    if (text !== undefined && this.lengths[slot] === length && this.holds(slot, from, start, length))
      return text;
    return this.keep(slot, from, start, end);
  }

  private holds(slot: number, from: Buffer, start: number, length: number): boolean {
    const { bytes } = this;
    const base = slot * LONGEST_BYTES;
    for (let i = 0; i < length; i++) if (bytes[base + i] !== from[start + i]) return false;
    return true;
  }

  private keep(slot: number, from: Buffer, start: number, end: number): string {
    const text = from.toString('utf8', start, end);
    this.texts[slot] = text;
    this.lengths[slot] = end - start;
    const base = slot * LONGEST_BYTES;
    for (let i = 0; i < end - start; i++) this.bytes[base + i] = from[start + i];
    return text;
  }
}
