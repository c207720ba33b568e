import type { TrainingSet } from '../dataset/training-set.js';
import { AlgorithmRangeError } from '../errors.js';
import { parseMetric } from '../evaluation/metric.js';
import type { Algorithm, DatasetShape } from '../models/algorithm.js';
import { datasetShapeOf } from '../models/dataset-shape.js';
import type { Executor } from '../parallel/executor.js';
import { createRandom } from '../statistics/random.js';
import type { Params } from './search-space.js';
import { sampleParams, searchSpace } from './search-space.js';
import type { HalvingJob } from './successive-halving.js';
import { SuccessiveHalving } from './successive-halving.js';
import { directionOf, HALVING_FACTOR, TrialObjective } from './trial-objective.js';

/** One configuration tried on one rung; plain JSON. */
export interface Trial {
  /** Complete validated parameters. */
  readonly params: object;
  /** 0 = fewest customers. */
  readonly rung: number;
  /** The objective's value; null when the fit failed or had nothing to rank. */
  readonly score: number | null;
  readonly seconds: number;
}

export interface TuneRequest {
  readonly algorithm: Algorithm<object>;
  /** What may be learnt from; a part of it is held out. No test row belongs in here. */
  readonly data: TrainingSet;
  /** Parameters that are settled: the search leaves them alone. */
  readonly params?: Params;
  /** By algorithm, where the search begins instead of at the defaults. */
  readonly start?: Readonly<Record<string, Params>>;
  /** Metric as in `parseMetric`: `ndcg@10`, `recall@20`, `hr@10`, `rmse` … */
  readonly objective: string;
  /** After that, no trial begins and none under way goes on; 0 tries nothing. */
  readonly budgetSeconds: number;
  /** A clock that never goes back, in seconds. */
  readonly clock: () => number;
  readonly seed: number;
  readonly executor: Executor;
  /** Of earlier searches on like data: the best of them are tried again first. */
  readonly previousTrials?: readonly Trial[];
  /** Configurations whose fit may need more are never tried. */
  readonly memoryLimitBytes?: number;
  readonly maximumTrials?: number;
  readonly onTrial?: (trial: Trial) => void;
}

export interface TuneResult {
  /** Complete parameters: the best on the highest rung that any trial reached, the start if none was finished. */
  readonly best: object;
  readonly trials: readonly Trial[];
}

const WARM_STARTS = 3;
/** Configurations too big for memory in a row before a search gives up. */
const MAXIMUM_REDRAWS = 50;

/** Thrown by a fit's progress report to end it; never leaves this file. */
class BudgetSpentError extends Error {
  override readonly name = 'BudgetSpentError';
}

/**
 * Seeded random search with asynchronous successive halving. Trial 0 is the start, the next are the best of
 * `previousTrials`, all others are drawn. Trials run one after the other, each of them on all threads of the executor:
 * so the sequence of trials and their scores is the same for a seed whatever the machine, and only how many there are
 * depends on the budget. The search ends within one step of progress of the budget.
 * Sources: Bergstra and Bengio (2012) for random search; `SuccessiveHalving`, `TrialObjective`.
 * @throws AlgorithmRangeError PARAMETER_INVALID
 */
export async function tuneWithHalving(request: TuneRequest): Promise<TuneResult> {
  const { algorithm, params: given = {}, clock, maximumTrials = Infinity, onTrial } = request;
  const defaults = algorithm.validate({ ...request.start?.[algorithm.name], ...given });
  const deadline = clock() + request.budgetSeconds;
  const objective = new TrialObjective(request.data, request.objective, request.seed, request.executor);
  const configurations = new Configurations(request, defaults, objective.direction);
  const halving = new SuccessiveHalving(objective.rungs, HALVING_FACTOR);
  const trials: Trial[] = [];
  while (objective.hasQueries && trials.length < maximumTrials && clock() < deadline) {
    const job = halving.next();
    const params = configurations.at(job.trial);
    if (params === undefined) break;
    const trial = await tryOut(request, objective, job, params, deadline);
    if (trial === undefined) break;
    halving.report(job, trial.score === null ? NaN : objective.direction * trial.score);
    trials.push(trial);
    onTrial?.(trial);
  }
  return { best: bestOf(trials, objective.direction)?.params ?? defaults, trials };
}

/** Fits and scores one configuration; undefined when the budget ran out meanwhile. */
async function tryOut(
  { algorithm, seed, executor, clock }: TuneRequest,
  objective: TrialObjective,
  { rung }: HalvingJob,
  params: object,
  deadline: number,
): Promise<Trial | undefined> {
  const startedAt = clock();
  const onProgress = () => {
    if (clock() >= deadline) throw new BudgetSpentError();
  };
  const finish = (score: number): Trial => ({
    params,
    rung,
    score: Number.isFinite(score) ? score : null,
    seconds: Math.round((clock() - startedAt) * 1000) / 1000,
  });
  try {
    const model = await algorithm.fit(objective.sample(rung), params, { seed, executor, onProgress });
    return finish(await objective.score(model, onProgress));
  } catch (error) {
    if (error instanceof BudgetSpentError) return undefined;
    // A configuration that cannot be solved (a matrix that is not positive definite) is a bad one, not the end.
    if (error instanceof AlgorithmRangeError) return finish(NaN);
    throw error;
  }
}

/** Trials by number: the same number is always the same configuration. */
class Configurations {
  private readonly request: TuneRequest;
  private readonly first: readonly object[];
  private readonly drawn = new Map<number, object>();
  private readonly shape: DatasetShape;

  constructor(request: TuneRequest, defaults: object, direction: 1 | -1) {
    this.request = request;
    this.first = [defaults, ...warmStarts(request, defaults, direction)];
    this.shape = datasetShapeOf(request.data);
  }

  /** Undefined when there is nothing (more) to try. */
  at(trial: number): object | undefined {
    const first = this.first[trial];
    if (first !== undefined && this.fits(first)) return first;
    return this.drawn.get(trial) ?? this.draw(trial);
  }

  private draw(trial: number): object | undefined {
    const { algorithm, params: given = {}, seed } = this.request;
    const space = searchSpace(algorithm, given);
    if (space.length === 0) return undefined;
    const random = createRandom(seed, 5, trial);
    for (let attempt = 0; attempt < MAXIMUM_REDRAWS; attempt++) {
      const params = algorithm.validate({ ...given, ...sampleParams(space, random) });
      if (!this.fits(params)) continue;
      this.drawn.set(trial, params);
      return params;
    }
    return undefined;
  }

  private fits(params: object): boolean {
    const { algorithm, memoryLimitBytes = Infinity } = this.request;
    return algorithm.estimateMemoryBytes(this.shape, params) <= memoryLimitBytes;
  }
}

/** The best of earlier trials that are still legal, agree with what is settled, and are no repetition. */
function warmStarts(request: TuneRequest, defaults: object, direction: 1 | -1): object[] {
  const { algorithm, params: given = {}, previousTrials = [] } = request;
  const settled = JSON.stringify(defaults);
  const seen = new Set([settled]);
  const found: object[] = [];
  for (const { params } of ranked(previousTrials, direction)) {
    const legal = validOrUndefined(algorithm, { ...params, ...given });
    if (legal === undefined || seen.has(JSON.stringify(legal))) continue;
    seen.add(JSON.stringify(legal));
    found.push(legal);
    if (found.length === WARM_STARTS) break;
  }
  return found;
}

function validOrUndefined(algorithm: Algorithm<object>, params: object): object | undefined {
  try {
    return algorithm.validate(params);
  } catch (error) {
    if (error instanceof AlgorithmRangeError) return undefined;
    throw error;
  }
}

/** Highest rung first, then best score; trials without a score are left out. */
function ranked(trials: readonly Trial[], direction: 1 | -1): Trial[] {
  return trials
    .filter(({ score }) => score !== null)
    .sort((a, b) => b.rung - a.rung || direction * (Number(b.score) - Number(a.score)));
}

/** The best trials of a search, for a later one to begin with. */
export function bestTrials(trials: readonly Trial[], objective: string, count: number): Trial[] {
  return ranked(trials, directionOf(parseMetric(objective))).slice(0, count);
}

function bestOf(trials: readonly Trial[], direction: 1 | -1): Trial | undefined {
  return ranked(trials, direction)[0];
}
