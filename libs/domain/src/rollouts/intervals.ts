export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Of the normal distribution, for 95 %. */
const Z = 1.959964;

/** A share out of so many: Wilson, JASA 22, 1927. */
export function wilsonInterval(count: number, of: number): Interval {
  if (of === 0) return { low: 0, high: 1 };
  const share = count / of;
  const middle = (share + Z ** 2 / (2 * of)) / (1 + Z ** 2 / of);
  const half = (Z * Math.sqrt((share * (1 - share)) / of + Z ** 2 / (4 * of ** 2))) / (1 + Z ** 2 / of);
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}

/** The difference of two shares from their Wilson intervals: Newcombe, Statistics in Medicine 17, 1998, method 10. */
export function differenceInterval(count: number, of: number, otherCount: number, otherOf: number): Interval {
  if (of === 0 || otherOf === 0) return { low: -1, high: 1 };
  const [share, other] = [count / of, otherCount / otherOf];
  const [mine, theirs] = [wilsonInterval(count, of), wilsonInterval(otherCount, otherOf)];
  const difference = share - other;
  return {
    low: difference - Math.hypot(share - mine.low, theirs.high - other),
    high: difference + Math.hypot(mine.high - share, other - theirs.low),
  };
}

/** Events that come one by one: Byar's approximation of the exact interval (Breslow and Day 1987, page 69). */
export function eventInterval(events: number): Interval {
  const end = (count: number, sign: number) =>
    count === 0 ? 0 : count * (1 - 1 / (9 * count) + (sign * Z) / (3 * Math.sqrt(count))) ** 3;
  return { low: end(events, -1), high: end(events + 1, 1) };
}

/** How many times as often: the logarithm is about normal; half an event more keeps zeros finite. */
export function ratioInterval(
  events: number,
  exposure: number,
  otherEvents: number,
  otherExposure: number,
): Interval & { readonly ratio: number } {
  const [mine, theirs] = [events + 0.5, otherEvents + 0.5];
  if (!(exposure > 0 && otherExposure > 0)) return { ratio: Number.NaN, low: 0, high: Infinity };
  const half = Z * Math.sqrt(1 / mine + 1 / theirs);
  const log = Math.log(mine / exposure / (theirs / otherExposure));
  return { ratio: Math.exp(log), low: Math.exp(log - half), high: Math.exp(log + half) };
}

export interface Mean extends Interval {
  readonly count: number;
  readonly mean: number;
}

/** Mean with its 95 % interval; of fewer than two values nothing is known about the spread. */
export function meanOf(values: readonly number[]): Mean {
  const { count, mean, variance } = momentsOf(values);
  if (count < 2) return { count, mean, low: -Infinity, high: Infinity };
  const half = studentQuantile(count - 1) * Math.sqrt(variance / count);
  return { count, mean, low: mean - half, high: mean + half };
}

/** Difference of two means whose spreads differ: Welch, Biometrika 34, 1947. */
export function welchInterval(
  values: readonly number[],
  others: readonly number[],
): Interval & { readonly difference: number } {
  const [a, b] = [momentsOf(values), momentsOf(others)];
  const difference = a.mean - b.mean;
  if (a.count < 2 || b.count < 2) return { difference, low: -Infinity, high: Infinity };
  const [partA, partB] = [a.variance / a.count, b.variance / b.count];
  const freedom = (partA + partB) ** 2 / (partA ** 2 / (a.count - 1) + partB ** 2 / (b.count - 1));
  const half = partA + partB === 0 ? 0 : studentQuantile(freedom) * Math.sqrt(partA + partB);
  return { difference, low: difference - half, high: difference + half };
}

function momentsOf(values: readonly number[]): { count: number; mean: number; variance: number } {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1);
  return { count, mean, variance };
}

/** Student's t for 95 %, from the normal quantile: Abramowitz and Stegun 26.7.5. Exact for one and two degrees of freedom. */
function studentQuantile(freedom: number): number {
  if (freedom < 1.5) return 12.706205;
  if (freedom < 2.5) return 4.302653;
  const g1 = (Z ** 3 + Z) / 4;
  const g2 = (5 * Z ** 5 + 16 * Z ** 3 + 3 * Z) / 96;
  const g3 = (3 * Z ** 7 + 19 * Z ** 5 + 17 * Z ** 3 - 15 * Z) / 384;
  return Z + g1 / freedom + g2 / freedom ** 2 + g3 / freedom ** 3;
}
