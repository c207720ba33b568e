import type { StepSettings } from '#libs/domain';
import type { Ranking } from '../ranking.js';

/**
 * Maximal marginal relevance (Carbonell and Goldstein 1998): each place goes to the candidate with the largest
 * (1 - weight) · relevance - weight · likeness to the most similar product chosen so far, relevance being the score over the
 * best score. These values become the scores, on the old scale: they never rise from one place to the next. What is not
 * chosen follows in its order; equal values go to whoever stood first. O(count · places), and mostly far less: likeness only
 * takes away, so the search for a place ends where relevance alone is not enough (Minoux 1978).
 * @param ranking best first, no score below 0
 * @param similarity of two products, 0 to 1
 */
export function diversity(
  ranking: Ranking,
  places: number,
  similarity: (product: number, other: number) => number,
  { weight }: Pick<StepSettings<'diversity'>, 'weight'>,
): void {
  const { products, scores, count } = ranking;
  const chosen = new Int32Array(Math.min(places, count));
  const values = new Float64Array(chosen.length);
  const best = scores[0];
  const isChosen = new Uint8Array(count);
  const mostAlike = new Float64Array(count);
  /** With how many of the chosen a candidate has been compared. */
  const compared = new Int32Array(count);
  let first = 0;
  for (let place = 0; place < chosen.length; place++) {
    while (isChosen[first] === 1) first++;
    let winner = first;
    let value = -Infinity;
    for (let i = first; i < count; i++) {
      const relevance = (1 - weight) * scores[i];
      if (relevance <= value) break;
      if (isChosen[i] === 1) continue;
      for (let other = compared[i]; other < place; other++) {
        const alike = similarity(products[i], products[chosen[other]]);
        if (alike > mostAlike[i]) mostAlike[i] = alike;
      }
      compared[i] = place;
      const marginal = relevance - weight * best * mostAlike[i];
      if (marginal > value) {
        winner = i;
        value = marginal;
      }
    }
    chosen[place] = winner;
    values[place] = value;
    isChosen[winner] = 1;
  }
  rearrange(ranking, chosen, values, isChosen);
}

/** Those chosen to the front with their values, the others behind them; no score above one before it. */
function rearrange(
  { products, scores, origins, count }: Ranking,
  chosen: Int32Array,
  values: Float64Array,
  isChosen: Uint8Array,
): void {
  const [oldProducts, oldScores, oldOrigins] = [
    products.slice(0, count),
    scores.slice(0, count),
    origins.slice(0, count),
  ];
  let place = 0;
  for (; place < chosen.length; place++) {
    products[place] = oldProducts[chosen[place]];
    origins[place] = oldOrigins[chosen[place]];
    scores[place] = values[place];
  }
  let value = place === 0 ? oldScores[0] : values[place - 1];
  for (let i = 0; i < count; i++) {
    if (isChosen[i] === 1) continue;
    products[place] = oldProducts[i];
    origins[place] = oldOrigins[i];
    scores[place++] = value = Math.min(value, oldScores[i]);
  }
}
