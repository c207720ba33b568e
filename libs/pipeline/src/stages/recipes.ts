import {
  algorithmNamed,
  AlgorithmRangeError,
  algorithms,
  combineIntoHybrid,
  type AlgorithmName,
  type FitContext,
  type Model,
  type TrainingSet,
} from '#libs/algorithms';
import { InvalidInputError, PIPELINE_TEMPLATE, type PipelineTemplate, type Recipe } from '#libs/domain';

/** Simplest first: ties go to the simpler. The hybrid is made of the other three. */
const SIMPLEST_FIRST: readonly string[] = PIPELINE_TEMPLATE.algorithms;

/** Where a night goes by other parameters than the algorithm's defaults, unless its template version says otherwise. */
const NIGHT_PARAMS: PipelineTemplate['params'] = PIPELINE_TEMPLATE.params;

/** Parts of the template's hybrid. */
export const PLAIN_PARTS = ['ials', 'item-cf', 'popularity'] as const satisfies readonly AlgorithmName[];

export type FittedModels = Partial<Record<AlgorithmName, Model>>;
export type ModelParams = Readonly<Record<string, unknown>>;

/**
 * Checks a recipe with its algorithm's own rules.
 * @returns complete parameters
 * @throws InvalidInputError `invalidSettings`, naming the field
 */
export function checkRecipe({ algorithm, params }: Recipe): ModelParams {
  try {
    return algorithmNamed(algorithm).validate(params) as ModelParams;
  } catch (error) {
    if (!(error instanceof AlgorithmRangeError)) throw error;
    const field = error.code === 'ALGORITHM_UNKNOWN' ? 'recipe.algorithm' : `recipe.params.${error.field}`;
    const message = error.message.slice(error.field.length + 2);
    throw new InvalidInputError('invalidSettings', `${field}: ${message}`, [
      { field, code: 'invalid', message },
    ]);
  }
}

/**
 * The night's algorithms in the order of training: those of the template, and the recipe's if it is another.
 * @throws InvalidInputError `invalidSettings`
 */
export function recipesOf({ recipe, algorithms: night, params }: PipelineTemplate): AlgorithmName[] {
  checkRecipe(recipe);
  for (const algorithm of night) checkRecipe({ algorithm, params: params[algorithm] ?? {} });
  return [...new Set([...night, recipe.algorithm])] as AlgorithmName[];
}

/** The template's hybrid: made of models that the night trains anyway. */
export function isPlainHybrid(name: AlgorithmName, own: ModelParams): boolean {
  return name === 'hybrid' && Object.keys(own).length === 0;
}

/** By algorithm, simpler recipes first; the database, which a run that is resumed comes from, keeps no order of keys. */
export function inOrder<T>(models: Readonly<Partial<Record<AlgorithmName, T>>>): [AlgorithmName, T][] {
  const place = (name: string) => SIMPLEST_FIRST.indexOf(name) >>> 0;
  return (Object.entries(models) as [AlgorithmName, T][]).sort(([a], [b]) => place(a) - place(b));
}

/**
 * Fits one of the night's models. What the tenant's recipe leaves open is as in every night.
 * @param fitted what this night has fitted before
 */
export async function fitRecipe(
  name: AlgorithmName,
  own: ModelParams,
  training: TrainingSet,
  fitted: FittedModels,
  context: FitContext,
): Promise<Model> {
  // The same bytes as a fit would give, in no time.
  if (isPlainHybrid(name, own)) return combineIntoHybrid(partsOf(fitted));
  return algorithmNamed(name).fit(training, paramsFor(name, own, training.productCount), context);
}

/** Of the models that only a recipe names, none gets more factors than products unless somebody asked for them. */
export function paramsFor(name: AlgorithmName, own: ModelParams, productCount: number): ModelParams {
  const params: ModelParams = { ...NIGHT_PARAMS[name], ...own };
  const { defaults } = algorithms[name];
  if (!('factors' in defaults) || params.factors !== undefined) return params;
  return { ...params, factors: Math.min(defaults.factors, productCount) };
}

function partsOf(fitted: FittedModels): Model[] {
  return PLAIN_PARTS.map((name) => {
    const part = fitted[name];
    if (part === undefined) throw new Error('The hybrid comes after its parts.');
    return part;
  });
}
