import { algorithmNamed, isErrorKind, parseMetric, type Trial } from '#libs/algorithms';
import { InvalidInputError } from '#libs/domain';
import type { EvaluationRequest } from './evaluation-request.js';
import { loadTraining } from './load-dataset.js';
import type { EvaluationTools } from './measurement.js';
import { refuseArguments } from './refuse-arguments.js';
import { tuneParams, type TuneOptions } from './tune-params.js';

type Files = Pick<EvaluationRequest, 'train' | 'products' | 'format' | 'values'>;

export interface TuningRequest extends Files, TuneOptions {
  readonly algorithm: string;
}

/** What `--json` prints, but for the memory. */
export interface TuningReport {
  readonly algorithm: string;
  readonly objective: string;
  /** Complete: the best. */
  readonly params: object;
  /** On the pairs held out of the training file; null if nothing was finished. */
  readonly score: number | null;
  readonly customers: number;
  readonly products: number;
  readonly interactions: number;
  readonly trials: readonly Trial[];
  readonly seconds: number;
  readonly seed: number;
  readonly threads: number;
}

/**
 * Looks for the parameters that do best on a held-out part of the training file.
 * @throws InvalidInputError what the caller got wrong
 */
export async function runTuning(request: TuningRequest, tools: EvaluationTools): Promise<TuningReport> {
  const { train, objective, seed } = request;
  const algorithm = refuseArguments(() => algorithmNamed(request.algorithm));
  refuseArguments(() => algorithm.validate(request.params));
  const metric = refuseArguments(() => parseMetric(objective));
  // Errors are about the values themselves, so repeated ones are averaged; lists are about counts.
  const protocol = isErrorKind(metric.kind) ? 'rmse' : 'topk';
  const { training } = await loadTraining({ ...request, protocol }, tools.note);
  const interactions = training.byCustomer.indices.length;
  if (interactions === 0)
    throw new InvalidInputError('emptyFile', `${train.name} has no pair with a value above 0.`);
  const startedAt = performance.now();
  const { best, trials } = await tuneParams(algorithm, training, request, tools);
  return {
    algorithm: algorithm.name,
    objective,
    params: best,
    score: trials.find(({ params }) => params === best)?.score ?? null,
    customers: training.customerCount,
    products: training.productCount,
    interactions,
    trials,
    seconds: Math.round(performance.now() - startedAt) / 1000,
    seed,
    threads: tools.executor.threads,
  };
}
