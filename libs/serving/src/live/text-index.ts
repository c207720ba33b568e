import { wordsOf } from '#libs/algorithms';

/** Term frequency saturates, and long descriptions count less: the usual values of Okapi BM25 (Robertson and Zaragoza 2009). */
const SATURATION = 1.2;
const LENGTH_SHARE = 0.75;
/** A word that only begins as the one that was typed. */
const PREFIX_WEIGHT = 0.5;
const SHORTEST_PREFIX = 3;
const MOST_WORDS = 20;

interface Posting {
  readonly product: number;
  readonly times: number;
}

/** Finds products by words of their names, categories, brands and attributes, the last letters of a word may be missing. */
export class TextIndex {
  private readonly postings = new Map<string, Posting[]>();
  /** Sorted, for words that begin alike. */
  private readonly words: readonly string[];
  private readonly lengths: Float64Array;
  private readonly meanLength: number;

  /** @param texts of each product */
  constructor(texts: readonly (readonly string[])[]) {
    this.lengths = new Float64Array(texts.length);
    texts.forEach((ofProduct, product) => this.add(product, ofProduct));
    this.words = [...this.postings.keys()].sort();
    this.meanLength = this.lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, texts.length);
  }

  /** Adds the relevance of each product for these words to `scores`. */
  searchInto(scores: Float64Array, query: string): void {
    for (const word of wordsOf(query).slice(0, MOST_WORDS)) {
      this.addWord(scores, word, 1);
      if (word.length >= SHORTEST_PREFIX)
        for (const longer of this.continuationsOf(word)) this.addWord(scores, longer, PREFIX_WEIGHT);
    }
  }

  private add(product: number, texts: readonly string[]): void {
    const counts = new Map<string, number>();
    for (const text of texts) {
      for (const word of wordsOf(text)) {
        counts.set(word, (counts.get(word) ?? 0) + 1);
        this.lengths[product]++;
      }
    }
    for (const [word, times] of counts) {
      const known = this.postings.get(word);
      if (known === undefined) this.postings.set(word, [{ product, times }]);
      else known.push({ product, times });
    }
  }

  private addWord(scores: Float64Array, word: string, weight: number): void {
    const postings = this.postings.get(word);
    if (postings === undefined) return;
    const rarity = Math.log(1 + (this.lengths.length - postings.length + 0.5) / (postings.length + 0.5));
    for (const { product, times } of postings) {
      const length = 1 - LENGTH_SHARE + (LENGTH_SHARE * this.lengths[product]) / this.meanLength;
      scores[product] += (weight * rarity * times * (SATURATION + 1)) / (times + SATURATION * length);
    }
  }

  private *continuationsOf(prefix: string): Generator<string> {
    let low = 0;
    let high = this.words.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.words[middle] <= prefix) low = middle + 1;
      else high = middle;
    }
    for (; low < this.words.length && this.words[low].startsWith(prefix); low++) yield this.words[low];
  }
}
