import type { AccuracyKind, Metric } from './metric.js';
import {
  averagePrecisionAt,
  hitAt,
  ndcgAt,
  precisionAt,
  recallAt,
  reciprocalRankAt,
} from './ranking-metrics.js';

type Value = (gains: ArrayLike<number>, k: number, relevant: number) => number;

const VALUES: Readonly<Record<AccuracyKind, Value>> = {
  hr: hitAt,
  precision: precisionAt,
  recall: recallAt,
  ndcg: ndcgAt,
  map: averagePrecisionAt,
  mrr: reciprocalRankAt,
};

/** One column for each accuracy metric, to be filled query by query. */
export class AccuracyValues {
  readonly byName = new Map<string, Float64Array>();
  private readonly fill: ((q: number, gains: ArrayLike<number>, relevant: number) => void)[] = [];

  constructor(metrics: readonly Metric[], queries: number) {
    for (const { name, kind, k } of metrics) {
      if (!Object.hasOwn(VALUES, kind)) continue;
      const value = VALUES[kind as AccuracyKind];
      const column = new Float64Array(queries);
      this.byName.set(name, column);
      this.fill.push((q, gains, relevant) => (column[q] = value(gains, k, relevant)));
    }
  }

  /**
   * @param gains of the list's places, 1 for a relevant product, else 0
   * @param relevant how many there are to find, ≥ 1
   */
  set(q: number, gains: ArrayLike<number>, relevant: number): void {
    for (const fill of this.fill) fill(q, gains, relevant);
  }
}
