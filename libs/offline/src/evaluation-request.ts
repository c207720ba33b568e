import type { DataFile } from './files/data-file.js';

export const FILE_FORMATS = ['pairs', 'lines'] as const;
export type FileFormat = (typeof FILE_FORMATS)[number];

/**
 * `loo`: the rank of each test product among its negatives, or among all products that the customer does not have.
 * `topk`: lists of all products without those of the customer's training rows. `rmse`: errors of predicted values.
 */
export const PROTOCOLS = ['loo', 'topk', 'rmse'] as const;
export type Protocol = (typeof PROTOCOLS)[number];

/**
 * `binary`: a pair counts once, whatever its value. `keep`: its values are summed (`rmse` and models of ratings: averaged).
 */
export const VALUE_RULES = ['binary', 'keep'] as const;
export type ValueRule = (typeof VALUE_RULES)[number];

export interface EvaluationRequest {
  readonly algorithm: string;
  /** As `parseParams` gives them; checked before any file is read. */
  readonly params: Record<string, unknown>;
  readonly train: DataFile;
  readonly test: DataFile;
  /** For `loo`. */
  readonly negatives?: DataFile;
  /** Products that may be ranked, for `topk`; all by default. */
  readonly candidates?: DataFile;
  /** Who belongs together. */
  readonly segments?: DataFile;
  /** What products are like. */
  readonly products?: DataFile;
  readonly format: FileFormat;
  readonly protocol: Protocol;
  /** `hr@10`, `rmse` … */
  readonly metrics: readonly string[];
  /** For `loo` and `topk`, `rmse` always keeps them. If absent, models of ratings keep them and all others do not. */
  readonly values?: ValueRule;
  /** Seconds for a search of better parameters on a part of the training file; 0 or absent: none. */
  readonly tuneSeconds?: number;
  readonly seed: number;
}

export interface MetricSummary {
  /** Customers (`topk`), pairs (`loo`) or values (`rmse`) that the metrics are averages of. */
  readonly queries: number;
  /** null where there is nothing to average. */
  readonly metrics: Readonly<Record<string, number | null>>;
  /** 95 % bootstrap intervals over customers. */
  readonly intervals: Readonly<Record<string, readonly [number, number]>>;
}

/** What `--json` prints, but for the memory. */
export interface EvaluationReport extends MetricSummary {
  readonly algorithm: string;
  /** Complete. */
  readonly params: object;
  readonly protocol: Protocol;
  /** Of all files. */
  readonly customers: number;
  readonly products: number;
  /** Different training pairs. */
  readonly interactions: number;
  /** By the segment's name; '' for the customers without one. */
  readonly bySegment?: Readonly<Record<string, MetricSummary>>;
  /** If parameters were searched. */
  readonly tuning?: { readonly objective: string; readonly trials: number };
  readonly fitSeconds: number;
  readonly scoreSeconds: number;
  readonly seed: number;
  readonly threads: number;
}
