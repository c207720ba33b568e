/*
 * How the scores of unlike models are brought to one scale before they are added up: per customer, over all products.
 * A part that says nothing for a product (score 0) keeps saying nothing: no normalisation moves 0. Centring is left out
 * for that reason and would change no order: it takes the same constant from every product of the customer. So `range`
 * ranks as min-max does, and `deviation` as z-scores do.
 */
export const NORMALISATIONS = ['max', 'range', 'deviation', 'rank'] as const;
export type Normalisation = (typeof NORMALISATIONS)[number];

/** k of reciprocal rank fusion: Cormack, Clarke and Büttcher (2009), which found 60 good on every collection. */
const RANK_OFFSET = 60;

/**
 * Makes `scores` ready for the sum and gives back what they have yet to be multiplied by; 0 for a part that has nothing to
 * tell products apart by. O(products), `rank` O(products · log products).
 * - max: 1 / largest; the best product counts 1. No positive score: 0.
 * - range: 1 / (largest − smallest).
 * - deviation: 1 / standard deviation.
 * - rank: overwrites each score with 61 / (60 + rank), equal scores by the best of their ranks; 0 stays 0.
 */
export function normaliseScores(scores: Float32Array, normalisation: Normalisation): number {
  switch (normalisation) {
    case 'max':
      return inverseOf(largestOf(scores));
    case 'range':
      return inverseOf(rangeOf(scores));
    case 'deviation':
      return inverseOf(deviationOf(scores));
    case 'rank':
      replaceByRank(scores);
      return 1;
  }
}

function inverseOf(scale: number): number {
  return scale > 0 ? 1 / scale : 0;
}

/** The largest positive score, or 0. */
function largestOf(scores: Float32Array): number {
  let largest = 0;
  for (let p = 0; p < scores.length; p++) if (scores[p] > largest) largest = scores[p];
  return largest;
}

function rangeOf(scores: Float32Array): number {
  if (scores.length === 0) return 0;
  let smallest = scores[0];
  let largest = scores[0];
  for (let p = 1; p < scores.length; p++) {
    if (scores[p] > largest) largest = scores[p];
    else if (scores[p] < smallest) smallest = scores[p];
  }
  return largest - smallest;
}

function deviationOf(scores: Float32Array): number {
  const { length } = scores;
  if (length === 0) return 0;
  let sum = 0;
  for (let p = 0; p < length; p++) sum += scores[p];
  const mean = sum / length;
  let squares = 0;
  for (let p = 0; p < length; p++) squares += (scores[p] - mean) ** 2;
  return Math.sqrt(squares / length);
}

function replaceByRank(scores: Float32Array): void {
  const ascending = scores.slice().sort();
  for (let p = 0; p < scores.length; p++) {
    if (scores[p] === 0) continue;
    const rank = 1 + scores.length - countUpTo(ascending, scores[p]);
    scores[p] = (RANK_OFFSET + 1) / (RANK_OFFSET + rank);
  }
}

/** How many of the ascending values are at most `value`: binary search. */
function countUpTo(ascending: Float32Array, value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
