const FIRST_SLOTS = 1 << 12;
const EMPTY = -1;

/**
 * Ids of any text and their indices, in the order in which they come: the bytes of all ids in one array and an
 * open-addressed hash table over it, so that a million ids are no million strings.
 */
export class IdTable {
  size = 0;
  private bytes = new Uint8Array(1 << 16);
  /** Id i is bytes[ends[i - 1] … ends[i] - 1]; cell 0 stands before the first. */
  private ends = new Int32Array(1 << 10);
  /** Two cells a slot, side by side for the processor's cache: the id's index, or EMPTY, and its hash. */
  private slots = new Int32Array(2 * FIRST_SLOTS).fill(EMPTY);

  /** The index of the id in source[start … end - 1], a new one if need be. */
  intern(source: Uint8Array, start: number, end: number): number {
    const hash = hashOf(source, start, end);
    const slot = this.slotOf(source, start, end, hash);
    if (this.slots[slot] !== EMPTY) return this.slots[slot];
    this.slots[slot] = this.size;
    this.slots[slot + 1] = hash;
    this.store(source, start, end);
    if (4 * this.size > this.slots.length) this.growSlots();
    return this.size - 1;
  }

  /** The index of the id, -1 if it never came. */
  find(source: Uint8Array, start: number, end: number): number {
    return this.slots[this.slotOf(source, start, end, hashOf(source, start, end))];
  }

  textOf(index: number): string {
    return new TextDecoder().decode(this.bytes.subarray(this.ends[index], this.ends[index + 1]));
  }

  /**
   * The place of each id in the order of length and then bytes (so 9 before 10, and a before b): an order that does not
   * depend on that of the rows.
   */
  canonicalPlaces(): Int32Array {
    const order = Int32Array.from({ length: this.size }, (_, i) => i).sort((a, b) => this.compare(a, b));
    const places = new Int32Array(this.size);
    order.forEach((index, place) => (places[index] = place));
    return places;
  }

  private compare(a: number, b: number): number {
    const [startA, startB] = [this.ends[a], this.ends[b]];
    const length = this.ends[a + 1] - startA;
    const difference = length - (this.ends[b + 1] - startB);
    if (difference !== 0) return difference;
    for (let i = 0; i < length; i++) {
      const byte = this.bytes[startA + i] - this.bytes[startB + i];
      if (byte !== 0) return byte;
    }
    return 0;
  }

  /** The cell of the slot where the id is, or would be. */
  private slotOf(source: Uint8Array, start: number, end: number, hash: number): number {
    const { slots } = this;
    const mask = slots.length - 1;
    let slot = (hash << 1) & mask;
    for (let index = slots[slot]; index !== EMPTY; index = slots[slot]) {
      if (slots[slot + 1] === hash && this.isId(index, source, start, end)) break;
      slot = (slot + 2) & mask;
    }
    return slot;
  }

  private isId(index: number, source: Uint8Array, start: number, end: number): boolean {
    const from = this.ends[index];
    if (this.ends[index + 1] - from !== end - start) return false;
    for (let i = 0; i < end - start; i++) if (this.bytes[from + i] !== source[start + i]) return false;
    return true;
  }

  private store(source: Uint8Array, start: number, end: number): void {
    const from = this.ends[this.size];
    const to = from + end - start;
    if (to > this.bytes.length) this.bytes = grown(this.bytes, Uint8Array, to);
    for (let i = 0; i < end - start; i++) this.bytes[from + i] = source[start + i];
    this.size++;
    if (this.size === this.ends.length) this.ends = grown(this.ends, Int32Array, this.size);
    this.ends[this.size] = to;
  }

  private growSlots(): void {
    const before = this.slots;
    this.slots = new Int32Array(2 * before.length).fill(EMPTY);
    const mask = this.slots.length - 1;
    for (let old = 0; old < before.length; old += 2) {
      if (before[old] === EMPTY) continue;
      let slot = (before[old + 1] << 1) & mask;
      while (this.slots[slot] !== EMPTY) slot = (slot + 2) & mask;
      this.slots[slot] = before[old];
      this.slots[slot + 1] = before[old + 1];
    }
  }
}

/** FNV-1a, with the finaliser of MurmurHash3: short numbers would otherwise crowd into few slots. int32. */
function hashOf(source: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ source[i], 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return hash ^ (hash >>> 13);
}

type Column = Int32Array | Uint8Array | Float32Array;

/** A copy with room for `needed` and as much again. */
export function grown<T extends Column>(column: T, Kind: new (length: number) => T, needed: number): T {
  const larger = new Kind(2 * needed);
  larger.set(column);
  return larger;
}
