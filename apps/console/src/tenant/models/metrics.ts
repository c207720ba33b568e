import type { ModelVersion, Verdict } from '../queries.js';

export type Metrics = Readonly<Record<string, number>>;

interface Metric {
  readonly key: string;
  readonly label: string;
  /** In one sentence, for somebody who has never heard of it. */
  readonly meaning: string;
}

export const METRICS: readonly Metric[] = [
  {
    key: 'ndcg@10',
    label: 'Ranking (NDCG@10)',
    meaning: 'How high the products stand that customers then chose; 1 is perfect.',
  },
  {
    key: 'rmse',
    label: 'Error (RMSE)',
    meaning: 'How far the predicted strength of a preference is off, on average.',
  },
  {
    key: 'hit@10',
    label: 'Hits (hit rate@10)',
    meaning: 'Share of customers with at least one right product among ten.',
  },
  {
    key: 'recall@10',
    label: 'Recall@10',
    meaning: 'Share of the chosen products that stood among ten.',
  },
  {
    key: 'precision@10',
    label: 'Precision@10',
    meaning: 'Share of the ten products that were chosen.',
  },
  {
    key: 'mrr@10',
    label: 'First hit (MRR@10)',
    meaning: 'One over the place of the first right product.',
  },
  {
    key: 'coverage@10',
    label: 'Coverage@10',
    meaning: 'Share of all products that somebody gets to see.',
  },
];

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

function numbersOf(value: unknown): Metrics {
  if (!isRecord(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
  );
}

const holdoutOf = ({ metrics }: ModelVersion): unknown => (metrics as Record<string, unknown>).holdout;

export const overall = (model: ModelVersion): Metrics => numbersOf(holdoutOf(model));

export function segments(model: ModelVersion): Readonly<Record<string, Metrics>> {
  const holdout = holdoutOf(model);
  const found = isRecord(holdout) ? holdout.segments : undefined;
  if (!isRecord(found)) return {};
  return Object.fromEntries(Object.entries(found).map(([name, value]) => [name, numbersOf(value)]));
}

export interface Interval {
  readonly low: number;
  readonly high: number;
  readonly difference: number;
}

/** What a verdict rests on: challenger minus the one it met, with 95 % intervals. */
export interface Evidence {
  readonly rmse: Interval | undefined;
  readonly ndcg10: Interval | undefined;
  readonly customers: number | undefined;
  readonly rows: number | undefined;
  readonly against: string | undefined;
}

export function evidenceOf({ numbers }: Verdict): Evidence {
  const evidence = (numbers as Record<string, unknown>).evidence;
  const found = isRecord(evidence) ? evidence : {};
  const reference = isRecord(found.reference)
    ? found.reference
    : isRecord(found.champion)
      ? found.champion
      : {};
  const number = (value: unknown) => (typeof value === 'number' ? value : undefined);
  return {
    rmse: intervalOf(found.rmse),
    ndcg10: intervalOf(found.ndcg10),
    customers: number(found.customers),
    rows: number(found.rows),
    against: typeof reference.algorithm === 'string' ? reference.algorithm : undefined,
  };
}

function intervalOf(value: unknown): Interval | undefined {
  const { low, high, difference } = numbersOf(value);
  return low === undefined || high === undefined || difference === undefined
    ? undefined
    : { low, high, difference };
}
