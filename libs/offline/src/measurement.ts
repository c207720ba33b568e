import type { Executor, Metric, Model } from '#libs/algorithms';
import type { EvaluationRequest } from './evaluation-request.js';
import type { OfflineDataset } from './load-dataset.js';

const REPORT_MS = 2_000;

export interface EvaluationTools {
  readonly executor: Executor;
  /** What this process may use. */
  readonly memoryBytes: number;
  /** Something to say on the way. */
  readonly note: (text: string) => void;
  /** Seconds; the machine's own if absent. */
  readonly clock?: () => number;
}

/** A fitted model and what it is measured on. */
export interface Measurement {
  readonly request: EvaluationRequest;
  readonly metrics: readonly Metric[];
  readonly dataset: OfflineDataset;
  readonly model: Model;
  /** Fits the same algorithm with the same parameters on something else. */
  readonly fit: (training: OfflineDataset['training']) => Promise<Model>;
  readonly tools: EvaluationTools;
}

/** Says the share that is done, not more often than every two seconds. */
export function progressOf(what: string, { note }: EvaluationTools): (share: number) => void {
  let next = performance.now() + REPORT_MS;
  return (share) => {
    if (performance.now() < next) return;
    next = performance.now() + REPORT_MS;
    note(`${what}: ${Math.floor(100 * share)} %`);
  };
}
