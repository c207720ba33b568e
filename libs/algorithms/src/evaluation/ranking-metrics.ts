/*
 * Metrics of one ranked list. `gains[i]` is the gain of the product at rank i + 1: above 0 for a relevant one, 0 for any
 * other and beyond the list's end. `relevant` is how many products are relevant at all, ≥ 1: a query without any has no
 * metric and leaves the average. Ties were settled when the list was made (lower product index first).
 * Sources: Järvelin and Kekäläinen (2002) for DCG; Manning, Raghavan and Schütze (2008), chapter 8, for the others.
 */
type Gains = ArrayLike<number>;

function hitsWithin(gains: Gains, k: number): number {
  let hits = 0;
  for (let i = 0; i < Math.min(k, gains.length); i++) if (gains[i] > 0) hits++;
  return hits;
}

/** Share of the k places that hold a relevant product; a shorter list counts its empty places as misses. */
export function precisionAt(gains: Gains, k: number): number {
  return hitsWithin(gains, k) / k;
}

/** Share of the relevant products that stand in the first k places. */
export function recallAt(gains: Gains, k: number, relevant: number): number {
  return hitsWithin(gains, k) / relevant;
}

/** 1 if any relevant product stands in the first k places. */
export function hitAt(gains: Gains, k: number): number {
  return hitsWithin(gains, k) > 0 ? 1 : 0;
}

/** 1 / rank of the first relevant product within k, else 0. */
export function reciprocalRankAt(gains: Gains, k: number): number {
  for (let i = 0; i < Math.min(k, gains.length); i++) if (gains[i] > 0) return 1 / (i + 1);
  return 0;
}

/** Mean of the precisions at each relevant rank within k, over min(k, relevant): 1 for a perfect list. */
export function averagePrecisionAt(gains: Gains, k: number, relevant: number): number {
  let hits = 0;
  let sum = 0;
  for (let i = 0; i < Math.min(k, gains.length); i++) {
    if (gains[i] > 0) sum += ++hits / (i + 1);
  }
  return sum / Math.min(k, relevant);
}

/** NDCG with binary gains: Σ 1/log2(rank + 1) over hits within k, over that of the ideal list. */
export function ndcgAt(gains: Gains, k: number, relevant: number): number {
  let dcg = 0;
  let ideal = 0;
  for (let i = 0; i < k; i++) {
    const discount = 1 / Math.log2(i + 2);
    if (i < gains.length && gains[i] > 0) dcg += discount;
    if (i < relevant) ideal += discount;
  }
  return dcg / ideal;
}

/**
 * NDCG with the gains themselves (linear, here: preference strength).
 * @param idealGains gains of all relevant products, descending
 */
export function gradedNdcgAt(gains: Gains, k: number, idealGains: Gains): number {
  let dcg = 0;
  let ideal = 0;
  for (let i = 0; i < k; i++) {
    const discount = 1 / Math.log2(i + 2);
    if (i < gains.length) dcg += gains[i] * discount;
    if (i < idealGains.length) ideal += idealGains[i] * discount;
  }
  return dcg / ideal;
}

/** Names of the metrics that `rankingMetricsInto` writes for each k, in its order. */
export const RANKING_METRICS = ['precision', 'recall', 'hit', 'mrr', 'map', 'ndcg', 'gradedNdcg'] as const;

/** out[at …] = the metrics of `RANKING_METRICS` at ks[0], then at ks[1], … */
export function rankingMetricsInto(
  out: Float64Array,
  at: number,
  gains: Gains,
  idealGains: Gains,
  ks: readonly number[],
): void {
  const relevant = idealGains.length;
  let cell = at;
  for (const k of ks) {
    out[cell++] = precisionAt(gains, k);
    out[cell++] = recallAt(gains, k, relevant);
    out[cell++] = hitAt(gains, k);
    out[cell++] = reciprocalRankAt(gains, k);
    out[cell++] = averagePrecisionAt(gains, k, relevant);
    out[cell++] = ndcgAt(gains, k, relevant);
    out[cell++] = gradedNdcgAt(gains, k, idealGains);
  }
}
