import {
  algorithmNamed,
  AlgorithmRangeError,
  datasetShapeOf,
  type AlgorithmName,
  type TrainingSet,
} from '#libs/algorithms';
import { NotEnoughMemoryError } from '#libs/domain';
import { isPlainHybrid, paramsFor, PLAIN_PARTS, type FittedModels, type ModelParams } from './recipes.js';

/**
 * What fitting one of the night's models holds at once, at most, beyond the data.
 * @param fitted what this night has fitted before: the plain hybrid is a copy of some of it
 */
function fitBytes(
  name: AlgorithmName,
  own: ModelParams,
  training: TrainingSet,
  fitted: FittedModels,
): number {
  if (isPlainHybrid(name, own))
    return PLAIN_PARTS.reduce((sum, part) => sum + (fitted[part]?.serialize().byteLength ?? 0), 0);
  const algorithm = algorithmNamed(name);
  const params = algorithm.validate(paramsFor(name, own, training.productCount));
  return algorithm.estimateMemoryBytes(datasetShapeOf(training), params);
}

/**
 * Asked before anything is allocated: a worker that is killed for its memory takes other tenants' runs with it.
 * @throws NotEnoughMemoryError
 */
export function checkFitMemory(
  name: AlgorithmName,
  own: ModelParams,
  training: TrainingSet,
  fitted: FittedModels,
  availableBytes: number,
): void {
  const missing = isPlainHybrid(name, own) ? PLAIN_PARTS.filter((part) => fitted[part] === undefined) : [];
  if (missing.length > 0)
    throw new NotEnoughMemoryError(`${name} is made of models that were left out: ${missing.join(', ')}.`);
  const neededBytes = fitBytes(name, own, training, fitted);
  if (neededBytes > availableBytes) throw NotEnoughMemoryError.toFit(name, neededBytes, availableBytes);
}

/** What the kernels' memory refuses is a lack of memory; any other error stays what it is. */
export function asMemoryError(error: unknown, doing: string): unknown {
  if (!(error instanceof AlgorithmRangeError) || error.code !== 'MEMORY_EXCEEDED') return error;
  return new NotEnoughMemoryError(`${doing}: ${error.message.slice(error.field.length + 2)}.`);
}
