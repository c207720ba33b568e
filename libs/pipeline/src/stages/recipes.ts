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
import { InvalidInputError, type PipelineTemplate, type Recipe } from '#libs/domain';

/** Models that every night trains, simplest first: ties go to the simpler. The hybrid is made of the other three. */
const EVERY_NIGHT = ['popularity', 'item-cf', 'ials', 'hybrid'] as const satisfies readonly AlgorithmName[];

/** Where every night goes by other parameters than the algorithm's defaults: ADR 23. */
export const NIGHT_PARAMS: Readonly<Partial<Record<AlgorithmName, ModelParams>>> = { ials: { factors: 128 } };

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

/** The night's algorithms in the order of training: those of every night, and the recipe's if it is another. */
export function recipesOf({ recipe }: PipelineTemplate): AlgorithmName[] {
  checkRecipe(recipe);
  const own = recipe.algorithm as AlgorithmName;
  return (EVERY_NIGHT as readonly string[]).includes(own) ? [...EVERY_NIGHT] : [...EVERY_NIGHT, own];
}

/** The template's hybrid: made of models that the night trains anyway. */
export function isPlainHybrid(name: AlgorithmName, own: ModelParams): boolean {
  return name === 'hybrid' && Object.keys(own).length === 0;
}

/** By algorithm, simpler recipes first; the database, which a run that is resumed comes from, keeps no order of keys. */
export function inOrder<T>(models: Readonly<Partial<Record<AlgorithmName, T>>>): [AlgorithmName, T][] {
  const place = (name: string) => (EVERY_NIGHT as readonly string[]).indexOf(name) >>> 0;
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
