/** What spoke for a product: each voice is a column of scores between 0 and 1, and a weight. */
export interface Voice {
  readonly name: 'model' | 'group' | 'session' | 'search' | 'facts';
  readonly weight: number;
  readonly scores: Float64Array;
}

/** Overwrites out[p] with the weighted sum of the voices. */
export function sumInto(out: Float64Array, voices: readonly Voice[]): void {
  out.fill(0);
  for (const { weight, scores } of voices) for (let p = 0; p < out.length; p++) out[p] += weight * scores[p];
}

/** The voice that spoke for it most; the first of equals. */
export function loudest(voices: readonly Voice[], product: number): Voice {
  return voices.reduce((best, voice) =>
    voice.weight * voice.scores[product] > best.weight * best.scores[product] ? voice : best,
  );
}

/** Scales to a largest value of 1; false where there is none above 0. */
export function toUnit(scores: Float64Array): boolean {
  let best = 0;
  for (let p = 0; p < scores.length; p++) if (scores[p] > best) best = scores[p];
  if (best > 0) for (let p = 0; p < scores.length; p++) scores[p] /= best;
  return best > 0;
}
