// Exact tests that hold for a handful of tenants as well as for thousands. All are one-sided: is the first one worse?

/** More observations than this, and the distribution of rank sums is taken as normal. */
const MOST_EXACT_RANKS = 40;

/**
 * Fisher's exact test (Fisher, The Design of Experiments, 1935): given how many there are of each kind, how likely are at least
 * `hits` of the `failed` among the first `size` by chance?
 */
export function fisherTail(hits: number, size: number, otherHits: number, otherSize: number): number {
  const [total, failed] = [size + otherSize, hits + otherHits];
  const all = logChoose(total, size);
  let tail = 0;
  for (let k = hits; k <= Math.min(size, failed); k++)
    tail += Math.exp(logChoose(failed, k) + logChoose(total - failed, size - k) - all);
  return Math.min(1, tail);
}

/**
 * Two Poisson rates (Przyborowski and Wilenski, Biometrika 31, 1940): given the events of both, each falls into the first with
 * the first's share of the time under observation. How likely are at least `events` in it, if its rate is `ratio` times the
 * other's?
 */
export function rateTail(
  events: number,
  exposure: number,
  otherEvents: number,
  otherExposure: number,
  ratio = 1,
): number {
  const total = events + otherEvents;
  const share = (ratio * exposure) / (ratio * exposure + otherExposure);
  if (events === 0 || !(share > 0)) return events === 0 ? 1 : 0;
  if (share >= 1) return 1;
  let tail = 0;
  for (let k = events; k <= total; k++)
    tail += Math.exp(logChoose(total, k) + k * Math.log(share) + (total - k) * Math.log1p(-share));
  return Math.min(1, tail);
}

/**
 * Rank sum (Wilcoxon 1945; Mann and Whitney 1947) with mid-ranks for ties: how likely are ranks as low as those of `values` by
 * chance? Exact up to 40 values by counting subsets, beyond that by the normal approximation with its correction for ties.
 */
export function rankSumTail(values: readonly number[], others: readonly number[]): number {
  if (values.length === 0 || others.length === 0) return 1;
  const doubled = doubledMidRanks([...values, ...others]);
  const sum = doubled.slice(0, values.length).reduce((total, rank) => total + rank, 0);
  return doubled.length <= MOST_EXACT_RANKS
    ? exactTail(doubled, values.length, sum)
    : normalTail(doubled, values.length, sum);
}

/** Twice the rank of each value, so that the mean rank of ties is a whole number. */
function doubledMidRanks(values: readonly number[]): number[] {
  const order = values.map((_, index) => index).sort((a, b) => values[a] - values[b]);
  const doubled = new Array<number>(values.length);
  for (let first = 0; first < order.length;) {
    let last = first;
    while (last + 1 < order.length && values[order[last + 1]] === values[order[first]]) last++;
    for (let place = first; place <= last; place++) doubled[order[place]] = first + last + 2;
    first = last + 1;
  }
  return doubled;
}

/** The share of all subsets of this size whose ranks sum up to no more. */
function exactTail(doubled: readonly number[], size: number, sum: number): number {
  const ways = Array.from({ length: size + 1 }, () => new Float64Array(sum + 1));
  ways[0][0] = 1;
  for (const rank of doubled)
    for (let count = size; count > 0; count--)
      for (let reached = sum; reached >= rank; reached--)
        ways[count][reached] += ways[count - 1][reached - rank];
  const low = ways[size].reduce((total, count) => total + count, 0);
  return low / Math.exp(logChoose(doubled.length, size));
}

function normalTail(doubled: readonly number[], size: number, sum: number): number {
  const total = doubled.length;
  const mean = (size * (total + 1)) / 2;
  const squares = doubled.reduce((part, rank) => part + (rank / 2 - (total + 1) / 2) ** 2, 0);
  const variance = (size * (total - size) * squares) / (total * (total - 1));
  // Half a rank towards the mean: sums of ranks are whole numbers, the normal distribution is not.
  return variance === 0 ? 1 : normalBelow((sum / 2 - mean + 0.5) / Math.sqrt(variance));
}

/** Share of the standard normal distribution below z: Abramowitz and Stegun 26.2.17, error below 7.5e-8. */
export function normalBelow(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const poly =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const above = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * poly;
  return z < 0 ? above : 1 - above;
}

const logFactorials: number[] = [0];

function logChoose(n: number, k: number): number {
  if (k < 0 || k > n) return -Infinity;
  for (let i = logFactorials.length; i <= n; i++) logFactorials.push(logFactorials[i - 1] + Math.log(i));
  return logFactorials[n] - logFactorials[k] - logFactorials[n - k];
}
