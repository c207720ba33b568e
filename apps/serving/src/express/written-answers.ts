import type { ListReader } from '#libs/domain';

/** Characters of one generation, nearly all ASCII: at most about 64 MB in two. An answer of ten has 1,200. */
const GENERATION_CHARACTERS = 32_000_000;

/** An answer without what differs each time that it is given, and what it was made from. */
export interface WrittenAnswer {
  readonly lastingPart: string;
  readonly bytes: number;
  /** See `RecommendationsService.basis`. */
  readonly basis: object;
  readonly customerId: string;
  readonly lists: ListReader | undefined;
  /** Counts it as given once more. */
  readonly count: () => void;
}

/**
 * Answers that were written before, by address, for customers who ask again within their visit. Two generations: a full one
 * becomes the old one, and what is asked for again moves on. Cheaper than an order of use, and a look-up is all that a hit costs.
 */
export class WrittenAnswers {
  private young = new Map<string, WrittenAnswer>();
  private old = new Map<string, WrittenAnswer>();
  private characters = 0;

  constructor(private readonly generationCharacters = GENERATION_CHARACTERS) {}

  get(url: string): WrittenAnswer | undefined {
    const found = this.young.get(url);
    if (found !== undefined) return found;
    const kept = this.old.get(url);
    if (kept !== undefined) this.set(url, kept);
    return kept;
  }

  set(url: string, answer: WrittenAnswer): void {
    if (this.characters >= this.generationCharacters) {
      this.old = this.young;
      this.young = new Map();
      this.characters = 0;
    }
    const before = this.young.get(url);
    this.young.set(url, answer);
    this.characters += answer.lastingPart.length - (before?.lastingPart.length ?? 0);
  }
}
