import { sharedFloat32, sharedFloat64, sharedInt32, sharedUint8 } from '../parallel/shared-arrays.js';
import type { ProductAttributes } from './product-attributes.js';
import { TermField } from './product-attributes.js';

const FIRST_CAPACITY = 1024;

/** A product as its catalogue describes it. */
export interface ProductDescription {
  /** Running text (name, description), cut into words. */
  readonly texts?: readonly string[];
  /** Whole terms. */
  readonly categories?: readonly string[];
  /** Whole terms: tags, brand, `attribute=value`. */
  readonly tags?: readonly string[];
  /** In the one currency of the catalogue; anything but a finite number ≥ 0 counts as unknown. */
  readonly price?: number;
}

/** Words: runs of Unicode letters and digits with their combining marks, compatibility-normalised, in lower case. */
export function wordsOf(text: string): string[] {
  return (
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu) ?? []
  );
}

/** A category or tag as one term: differences of case, width and white space do not count. Empty: no term. */
export function wholeTerm(text: string): string {
  return text.normalize('NFKC').toLowerCase().trim().replace(/\s+/gu, ' ');
}

function doubled(array: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(2 * array.length);
  larger.set(array);
  return larger;
}

/** By field, then by UTF-16 code units: independent of locale and of the order of products. */
function inIdOrder(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/**
 * Turns descriptions into `ProductAttributes`, product by product. Term ids follow the sorted vocabulary, so they depend
 * on the set of terms alone. Cost: O(length of the texts + terms · log terms); memory: the vocabulary and 16 bytes an entry.
 */
export class ProductAttributesBuilder {
  /** A term's key is the digit of its field and then its text. */
  private readonly provisionalIds = new Map<string, number>();
  private readonly ends: number[] = [];
  private entryTerms = new Int32Array(FIRST_CAPACITY);
  private entryCounts = new Int32Array(FIRST_CAPACITY);
  private entries = 0;
  private readonly prices: number[] = [];

  /** Describes the next product. */
  add({ texts = [], categories = [], tags = [], price = NaN }: ProductDescription): void {
    const counts = new Map<number, number>();
    const count = (field: TermField, term: string) => {
      if (term === '') return;
      const key = `${field}${term}`;
      let id = this.provisionalIds.get(key);
      if (id === undefined) this.provisionalIds.set(key, (id = this.provisionalIds.size));
      counts.set(id, (counts.get(id) ?? 0) + 1);
    };
    for (const text of texts) for (const word of wordsOf(text)) count(TermField.text, word);
    for (const category of categories) count(TermField.category, wholeTerm(category));
    for (const tag of tags) count(TermField.tag, wholeTerm(tag));
    while (this.entries + counts.size > this.entryTerms.length) {
      this.entryTerms = doubled(this.entryTerms);
      this.entryCounts = doubled(this.entryCounts);
    }
    for (const [id, times] of counts) {
      this.entryTerms[this.entries] = id;
      this.entryCounts[this.entries++] = times;
    }
    this.ends.push(this.entries);
    this.prices.push(price >= 0 && price < Infinity ? price : NaN);
  }

  /** @param productCount products that were never described follow those that were, with nothing known of them */
  finish(productCount = this.ends.length): ProductAttributes {
    const keys = [...this.provisionalIds.keys()].sort(inIdOrder);
    const idOf = new Int32Array(keys.length);
    const fieldOfTerm = sharedUint8(keys.length);
    keys.forEach((key, id) => {
      idOf[this.provisionalIds.get(key) ?? 0] = id;
      fieldOfTerm[id] = Number(key[0]);
    });
    const rows = Math.max(productCount, this.ends.length);
    const offsets = sharedInt32(rows + 1).fill(this.entries);
    offsets[0] = 0;
    const indices = sharedInt32(this.entries);
    const values = sharedFloat32(this.entries);
    this.ends.forEach((end, product) => {
      const start = offsets[product];
      const entries = Array.from({ length: end - start }, (_, e) => start + e);
      entries.sort((a, b) => idOf[this.entryTerms[a]] - idOf[this.entryTerms[b]]);
      entries.forEach((entry, e) => {
        indices[start + e] = idOf[this.entryTerms[entry]];
        values[start + e] = this.entryCounts[entry];
      });
      offsets[product + 1] = end;
    });
    const prices = sharedFloat64(rows).fill(NaN);
    prices.set(this.prices);
    return { terms: { rows, columns: keys.length, offsets, indices, values }, fieldOfTerm, prices };
  }
}
