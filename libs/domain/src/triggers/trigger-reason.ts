import type { RunTrigger } from '../runs/run.js';

/** What started a run, with the figures that it was decided on. */
export interface TriggerReason {
  readonly trigger: Extract<RunTrigger, 'volume' | 'degradation' | 'drift'>;
  /** For a sales lead. */
  readonly sentence: string;
  readonly figures: Readonly<Record<string, number | string>>;
}

export function inWords(count: number): string {
  return count.toLocaleString('en');
}

export function percent(share: number, digits = 0): string {
  return `${(100 * share).toFixed(digits)} %`;
}
