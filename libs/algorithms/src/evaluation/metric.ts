import { AlgorithmRangeError } from '../errors.js';

/** Averaged over queries; each looks at one list, or at the rank of one product. */
export const ACCURACY_KINDS = ['hr', 'precision', 'recall', 'ndcg', 'map', 'mrr'] as const;
/** What lists are like besides accurate; they need whole lists. */
export const LIST_KINDS = ['coverage', 'gini', 'novelty', 'diversity', 'serendipity'] as const;
/** Errors of predicted values; without `@k`. */
export const ERROR_KINDS = ['rmse', 'mae'] as const;

export type AccuracyKind = (typeof ACCURACY_KINDS)[number];
export type ListKind = (typeof LIST_KINDS)[number];
export type ErrorKind = (typeof ERROR_KINDS)[number];
export type MetricKind = AccuracyKind | ListKind | ErrorKind;

export interface Metric {
  /** As it was written, `hr@10`. */
  readonly name: string;
  readonly kind: MetricKind;
  /** Length of the lists looked at; 0 for errors. */
  readonly k: number;
}

const MAXIMUM_K = 1000;
const ALIASES: Readonly<Record<string, MetricKind>> = { hit: 'hr' };

function isOneOf<T extends string>(kinds: readonly T[], kind: string): kind is T {
  return (kinds as readonly string[]).includes(kind);
}

export function isListKind(kind: MetricKind): kind is ListKind {
  return isOneOf(LIST_KINDS, kind);
}

export function isErrorKind(kind: MetricKind): kind is ErrorKind {
  return isOneOf(ERROR_KINDS, kind);
}

/**
 * A metric from its name: `rmse`, `mae`, or one of the others with the length of the list, as in `ndcg@20`.
 * @throws AlgorithmRangeError PARAMETER_INVALID, field `metrics`
 */
export function parseMetric(name: string): Metric {
  const [, base = '', digits] = /^([a-z]+)(?:@(\d+))?$/.exec(name.toLowerCase()) ?? [];
  const kind = Object.hasOwn(ALIASES, base) ? ALIASES[base] : base;
  const isError = isOneOf(ERROR_KINDS, kind);
  if (!isError && !isOneOf(ACCURACY_KINDS, kind) && !isOneOf(LIST_KINDS, kind)) {
    const known = [...ACCURACY_KINDS, ...LIST_KINDS].map((one) => `${one}@k`);
    const message = `${JSON.stringify(name)} is none of ${[...known, ...ERROR_KINDS].join(', ')}`;
    throw new AlgorithmRangeError('PARAMETER_INVALID', 'metrics', message);
  }
  const k = digits === undefined ? 0 : Number(digits);
  if (isError ? digits !== undefined : k < 1 || k > MAXIMUM_K) {
    const wanted = isError ? `takes no @k` : `needs a length from 1 to ${MAXIMUM_K}, as in ${kind}@10`;
    throw new AlgorithmRangeError('PARAMETER_INVALID', 'metrics', `${JSON.stringify(name)} ${wanted}`);
  }
  return { name, kind, k };
}
