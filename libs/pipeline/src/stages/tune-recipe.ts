import {
  algorithmNamed,
  bestTrials,
  tuneHyperParameters,
  type TrainingSet,
  type Trial,
} from '#libs/algorithms';
import type { Recipe } from '#libs/domain';
import type { NightContext } from '../night-context.js';

/** What a search has found; stored with the model versions of its night, so that later nights begin with it. */
export interface Tuning {
  readonly algorithm: string;
  readonly objective: string;
  readonly trials: readonly Trial[];
}

export interface TunedRecipe {
  readonly params: Recipe['params'];
  readonly tuning: Tuning;
}

const OBJECTIVE = 'ndcg@10';
const KEPT_TRIALS = 20;
/** Model versions looked through for earlier searches: some weeks of nights. */
const REMEMBERED_VERSIONS = 30;

/**
 * Better parameters for the tenant's recipe, found within its budget on a part of the training set alone; undefined when
 * there is no budget. The parameters that the recipe gives stay as they are. Unlike the rest of a night this depends on
 * how fast the machine is.
 */
export async function tuneRecipe(
  { template, run, executor, registry, tenant, fitMemoryBytes }: NightContext,
  training: TrainingSet,
  clock: () => number = () => performance.now() / 1000,
): Promise<TunedRecipe | undefined> {
  const { recipe, tuningSeconds, params: nightParams } = template;
  if (tuningSeconds === 0) return undefined;
  const versions = await registry.list(tenant.id, REMEMBERED_VERSIONS);
  const { best, trials } = await tuneHyperParameters({
    algorithm: algorithmNamed(recipe.algorithm),
    data: training,
    params: recipe.params,
    start: nightParams,
    objective: OBJECTIVE,
    budgetSeconds: tuningSeconds,
    clock,
    seed: run.seed,
    executor,
    previousTrials: versions.flatMap(({ metrics }) => trialsFor(recipe, metrics.tuning)),
    memoryLimitBytes: fitMemoryBytes,
  });
  const kept = bestTrials(trials, OBJECTIVE, KEPT_TRIALS);
  const tuning = { algorithm: recipe.algorithm, objective: OBJECTIVE, trials: kept };
  return { params: best as Recipe['params'], tuning };
}

function trialsFor({ algorithm }: Recipe, stored: unknown): readonly Trial[] {
  const tuning = stored as Tuning | undefined;
  return tuning?.algorithm === algorithm && tuning.objective === OBJECTIVE ? tuning.trials : [];
}
