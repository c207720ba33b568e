import { AlgorithmRangeError } from '../errors.js';
import { AccuracyValues } from './accuracy-values.js';
import type { Metric } from './metric.js';
import { isErrorKind, isListKind } from './metric.js';
import type { QueryValues } from './query-values.js';

/**
 * Accuracy of queries with one relevant product each, from its ranks (`rankCandidates`). Recall and hit rate are then the
 * same, and so are average precision and reciprocal rank.
 * @param customer of each query
 * @param ranks 1 for the best
 * @throws AlgorithmRangeError PARAMETER_INVALID for a metric that ranks do not tell
 */
export function evaluateRanks(
  customer: Int32Array,
  ranks: Int32Array,
  metrics: readonly Metric[],
): QueryValues {
  const refused = metrics.find(({ kind }) => isErrorKind(kind) || isListKind(kind));
  if (refused !== undefined)
    throw new AlgorithmRangeError(
      'PARAMETER_INVALID',
      'metrics',
      `${refused.name} cannot be told from ranks`,
    );
  const values = new AccuracyValues(metrics, ranks.length);
  const gains = new Uint8Array(Math.max(1, ...metrics.map(({ k }) => k)));
  ranks.forEach((rank, q) => {
    gains[rank - 1] = 1;
    values.set(q, gains, 1);
    gains[rank - 1] = 0;
  });
  return { customer, values: values.byName, totals: new Map() };
}
