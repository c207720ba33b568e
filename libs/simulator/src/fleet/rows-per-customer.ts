import type { WorldProfile } from '../world-profile.js';

type TradeName = WorldProfile['trade'];

/**
 * Interactions of one customer of the founding population over the shipped profile's history, by `activity`; measured on
 * worlds of 400 customers, and checked by a test. Between two measured points the logarithms run straight.
 */
const MEASURED: Readonly<Record<TradeName, readonly (readonly [activity: number, rows: number])[]>> = {
  grocer: [
    [0.05, 1.27],
    [0.1, 3.3],
    [0.2, 8.2],
    [0.4, 21.9],
    [0.8, 53],
    [1.6, 98],
    [3, 129],
  ],
  fashion: [
    [0.05, 2.1],
    [3, 123],
  ],
  telecom: [
    [0.05, 5.2],
    [0.4, 6],
    [1.6, 9.35],
    [3, 13.1],
  ],
};

/** The activity with which a customer brings about that many interactions, within what the trade can do. */
export function activityFor(trade: TradeName, rows: number): number {
  const points = MEASURED[trade];
  if (rows <= points[0]![1]) return points[0]![0];
  for (let i = 1; i < points.length; i++) {
    const [[a0, r0], [a1, r1]] = [points[i - 1]!, points[i]!];
    if (rows <= r1) return a0 * (a1 / a0) ** (Math.log(rows / r0) / Math.log(r1 / r0));
  }
  return points.at(-1)![0];
}

/** The fewest and the most that `activityFor` can bring about. */
export function rangeOfRows(trade: TradeName): readonly [number, number] {
  return [MEASURED[trade][0]![1], MEASURED[trade].at(-1)![1]];
}
