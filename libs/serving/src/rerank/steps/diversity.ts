import type { StepSettings } from '#libs/domain';
import type { Ranking } from '../ranking.js';

/**
 * Maximal marginal relevance (Carbonell and Goldstein 1998): each place goes to the candidate with the largest
 * (1 - weight) · relevance - weight · likeness to the most similar product chosen so far, relevance being the score over the
 * best score. These values become the scores, on the old scale: they never rise from one place to the next. What is not
 * chosen follows in its order. O(count · places).
 * @param similarity of two products, 0 to 1
 */
export function diversity(
  ranking: Ranking,
  places: number,
  similarity: (product: number, other: number) => number,
  { weight }: Pick<StepSettings<'diversity'>, 'weight'>,
): void {
  const { products, scores, origins } = ranking;
  const chosen = Math.min(places, ranking.count);
  const best = scores[0];
  let value = best;
  const mostAlike = new Float64Array(ranking.count);
  for (let place = 0; place < chosen; place++) {
    let winner = place;
    value = -Infinity;
    for (let i = place; i < ranking.count; i++) {
      const marginal = (1 - weight) * scores[i] - weight * best * mostAlike[i];
      if (marginal > value) {
        winner = i;
        value = marginal;
      }
    }
    moveUp(products, winner, place);
    moveUp(origins, winner, place);
    moveUp(scores, winner, place);
    moveUp(mostAlike, winner, place);
    scores[place] = value;
    const product = products[place];
    for (let i = place + 1; i < ranking.count; i++) {
      const alike = similarity(products[i], product);
      if (alike > mostAlike[i]) mostAlike[i] = alike;
    }
  }
  for (let i = chosen; i < ranking.count; i++) scores[i] = value = Math.min(value, scores[i]);
}

/** Those between keep their order: equal values go to whoever stood first. */
function moveUp(column: Int32Array | Float64Array, from: number, to: number): void {
  if (from === to) return;
  const value = column[from];
  // By hand: a few cells, for which copyWithin takes longer to begin than to copy.
  for (let i = from; i > to; i--) column[i] = column[i - 1];
  column[to] = value;
}
