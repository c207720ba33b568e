import {
  algorithmNamed,
  tuneHyperParameters,
  type AlgorithmName,
  type Executor,
  type TrainingSet,
} from '#libs/algorithms';
import { cloneTemplate, type PipelineTemplate } from '#libs/domain';
import { fitRecipe, prepareNight, scoreModel, scoringRows, type Prepared, type Scored } from '#libs/pipeline';
import type { Evening } from './datasets.ts';
import { RECIPES, type BenchRecipe } from './recipes.ts';

export interface Measured {
  readonly scored: Scored;
  /** Fit and scores of both parts, as a night spends them. */
  readonly seconds: number;
}

export interface PreparedEvening extends Evening {
  readonly template: PipelineTemplate;
  readonly prepared: Prepared;
}

/** As the stage of that name does on a first night. */
export async function prepareEvening(evening: Evening, executor: Executor): Promise<PreparedEvening> {
  const template = cloneTemplate({ repeatPurchases: evening.repeatPurchases });
  const windowStart = evening.snapshot.watermarkSeconds - template.holdoutWindowDays * 86_400;
  const prepared = await prepareNight(evening.snapshot, template, windowStart, executor);
  return { ...evening, template, prepared };
}

/**
 * Fits and scores by the code of the night.
 * @param tuneSeconds for parameters that the recipe leaves open, on the training part alone; not counted in `seconds`
 */
export async function measureRecipe(
  recipe: string,
  { snapshot, template, prepared }: PreparedEvening,
  tuneSeconds: number,
  executor: Executor,
): Promise<Measured> {
  const { training } = prepared.dataset;
  const { algorithm, params: given } = RECIPES[recipe](training.productCount);
  const params =
    tuneSeconds > 0 ? await tuned({ algorithm, params: given }, training, tuneSeconds, executor) : given;
  const startedAt = performance.now();
  const context = { seed: template.seed, executor };
  const model = await fitRecipe(algorithm as AlgorithmName, params, training, {}, context);
  const rows = scoringRows({ template }, prepared, snapshot);
  const modelPackage = { model: model.serialize(), productIds: snapshot.productIds };
  const scored = await scoreModel({ template, executor }, prepared, snapshot, rows, modelPackage);
  return { scored, seconds: (performance.now() - startedAt) / 1000 };
}

async function tuned(
  { algorithm, params }: BenchRecipe,
  data: TrainingSet,
  budgetSeconds: number,
  executor: Executor,
): Promise<Record<string, unknown>> {
  const clock = () => performance.now() / 1000;
  const search = { data, params, objective: 'ndcg@10', budgetSeconds, clock, seed: 1, executor };
  const { best } = await tuneHyperParameters({ ...search, algorithm: algorithmNamed(algorithm) });
  return best as Record<string, unknown>;
}
