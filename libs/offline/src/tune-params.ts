import {
  tuneHyperParameters,
  type Algorithm,
  type TrainingSet,
  type Trial,
  type TuneResult,
} from '#libs/algorithms';
import type { EvaluationTools } from './measurement.js';

export interface TuneOptions {
  /** As they were typed: these stay as they are. */
  readonly params: Record<string, unknown>;
  /** `ndcg@10`, `rmse` … */
  readonly objective: string;
  readonly seconds: number;
  readonly seed: number;
  readonly previousTrials?: readonly Trial[];
  /** Half of the memory that there is, if absent. */
  readonly memoryLimitBytes?: number;
}

/** Searches parameters on a part of the training set, and says how it goes on. */
export async function tuneParams(
  algorithm: Algorithm<object>,
  data: TrainingSet,
  options: TuneOptions,
  { executor, note, memoryBytes, clock = () => performance.now() / 1000 }: EvaluationTools,
): Promise<TuneResult> {
  const { params, objective, seconds, seed, previousTrials } = options;
  let count = 0;
  const onTrial = ({ params: tried, rung, score, seconds: took }: Trial) => {
    const value = score === null ? 'failed' : `${objective} ${score.toFixed(5)}`;
    note(`trial ${++count}, rung ${rung}, ${value}, ${took.toFixed(1)} s: ${JSON.stringify(tried)}`);
  };
  const result = await tuneHyperParameters({
    algorithm,
    data,
    params,
    objective,
    budgetSeconds: seconds,
    clock,
    seed,
    executor,
    previousTrials,
    memoryLimitBytes: options.memoryLimitBytes ?? memoryBytes / 2,
    onTrial,
  });
  if (result.trials.length === 0) note('no trial was finished: too little time, or nobody with two products');
  return result;
}
