import { inWords, type TriggerReason } from './trigger-reason.js';
import { FEWEST_NEW_ROWS } from './volume.js';

/** Kinds of events whose distribution is watched; the others are rare, or say something else. */
export const PROFILED_KINDS = ['view', 'click', 'cart', 'purchase', 'rating'] as const;
export type ProfiledKind = (typeof PROFILED_KINDS)[number];

/** How often each bin was met. The last one holds what has no bin of its own. */
export interface NamedBins {
  readonly names: readonly string[];
  /** One more than names. */
  readonly counts: readonly number[];
}

export interface PriceBins {
  /** Ascending; bin i holds prices from edges[i − 1] up to, not including, edges[i]. */
  readonly edges: readonly number[];
  /** One more than edges. */
  readonly counts: readonly number[];
}

/** What a training saw of the last weeks, of the one kind of event that was most frequent. */
export interface DataProfile {
  readonly kind: ProfiledKind;
  /** ISO 8601. */
  readonly from: string;
  readonly products: NamedBins;
  readonly customers: NamedBins;
  readonly prices: PriceBins;
}

export const DIMENSIONS = ['products', 'customers', 'prices'] as const;
export type Dimension = (typeof DIMENSIONS)[number];

/** Counts of new events in the bins of a profile. */
export type BinCounts = Readonly<Record<Dimension, readonly number[]>>;

/** Chance of the limit being passed where nothing has changed: 0.1 %, as a quantile of the normal distribution. */
const CHANCE_QUANTILE = 3.09;
/** Added to every bin, so that an empty one has a logarithm (Krichevsky and Trofimov, 1981). */
const SMOOTHING = 0.5;

/**
 * Population stability index: Σ (a − e) · ln(a / e) over the bins' shares. By an old rule of thumb (Siddiqi, 2006), below 0.1
 * nothing has changed and above 0.25 much has.
 */
export function stabilityIndex(expected: readonly number[], actual: readonly number[]): number {
  const [e, a] = [sharesOf(expected), sharesOf(actual)];
  return a.reduce((sum, share, bin) => sum + (share - e[bin]) * Math.log(share / e[bin]), 0);
}

/**
 * What the index reaches by chance alone: with n and m events it is distributed as χ² with one degree of freedom less than
 * bins, times 1/n + 1/m (Yurdakul and Naranjo, 2020). The quantile of χ² is Wilson and Hilferty's (1931).
 */
export function chanceLimit(bins: number, n: number, m: number): number {
  const degrees = bins - 1;
  if (degrees < 1) return Infinity;
  const spread = 2 / (9 * degrees);
  return (1 / n + 1 / m) * degrees * (1 - spread + CHANCE_QUANTILE * Math.sqrt(spread)) ** 3;
}

/** Of the dimensions that have drifted beyond the limit and beyond chance, the one that has drifted most. */
export function driftReason(
  profile: DataProfile,
  recent: BinCounts,
  limit: number,
): TriggerReason | undefined {
  if (limit <= 0) return undefined;
  let worst: { dimension: Dimension; index: number; bound: number; n: number } | undefined;
  for (const dimension of DIMENSIONS) {
    const { counts } = profile[dimension];
    const [known, n] = [sum(counts), sum(recent[dimension])];
    if (n < FEWEST_NEW_ROWS || known < FEWEST_NEW_ROWS) continue;
    const index = stabilityIndex(counts, recent[dimension]);
    const bound = Math.max(limit, chanceLimit(counts.length, n, known));
    if (index > bound && index > (worst?.index ?? 0)) worst = { dimension, index, bound, n };
  }
  if (worst === undefined) return undefined;
  const { dimension, index, bound, n } = worst;
  return {
    trigger: 'drift',
    sentence: `${SUBJECTS[dimension]} in the ${inWords(n)} newest events (${profile.kind}) than in what the last training saw (PSI ${index.toFixed(2)}, limit ${bound.toFixed(2)}).`,
    figures: { dimension, stabilityIndex: index, limit: bound, newEvents: n, eventKind: profile.kind },
  };
}

const SUBJECTS: Readonly<Record<Dimension, string>> = {
  products: 'Other products are in demand',
  customers: 'Other groups of customers are active',
  prices: 'Prices are others',
};

function sharesOf(counts: readonly number[]): number[] {
  const total = sum(counts) + SMOOTHING * counts.length;
  return counts.map((count) => (count + SMOOTHING) / total);
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
