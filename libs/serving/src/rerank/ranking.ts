/** A list in the making: columns of which the first `count` cells are in use, best first. */
export interface Ranking {
  count: number;
  readonly products: Int32Array;
  readonly scores: Float64Array;
  /** Where each stood among the candidates. */
  readonly origins: Int32Array;
}

/** What the first level hands over: best first, no product twice. */
export interface Candidates {
  readonly count: number;
  readonly products: Int32Array;
  readonly scores: ArrayLike<number>;
}

/** By falling score; equal scores keep their order. Entries with a score of exactly 0 are hidden, and go. */
export function settleOrder(ranking: Ranking): void {
  const { products, scores, origins } = ranking;
  let kept = 0;
  for (let i = 0; i < ranking.count; i++) {
    if (scores[i] === 0) continue;
    const product = products[i];
    const score = scores[i];
    const origin = origins[i];
    let at = kept++;
    // Steps move a product by a few places at most: insertion is nearly one pass.
    for (; at > 0 && scores[at - 1] < score; at--) {
      products[at] = products[at - 1];
      scores[at] = scores[at - 1];
      origins[at] = origins[at - 1];
    }
    products[at] = product;
    scores[at] = score;
    origins[at] = origin;
  }
  ranking.count = kept;
}
