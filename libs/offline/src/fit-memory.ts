import { AlgorithmRangeError, datasetShapeOf, type Algorithm, type TrainingSet } from '#libs/algorithms';
import { NotEnoughMemoryError } from '#libs/domain';
import type { EvaluationTools } from './measurement.js';

/** @throws NotEnoughMemoryError: better said now than by the kernel in an hour */
export function checkMemory(
  algorithm: Algorithm<object>,
  params: object,
  training: TrainingSet,
  { note, memoryBytes }: EvaluationTools,
): void {
  const bytes = algorithm.estimateMemoryBytes(datasetShapeOf(training), params);
  note(`${algorithm.name} needs up to ${Math.ceil(bytes / 2 ** 20)} MB to be fitted`);
  if (bytes > memoryBytes) throw NotEnoughMemoryError.toFit(algorithm.name, bytes, memoryBytes);
}

/** Does it; what the kernels' memory refuses is said as a lack of memory. @throws NotEnoughMemoryError */
export async function inMemory<T>(doing: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AlgorithmRangeError) || error.code !== 'MEMORY_EXCEEDED') throw error;
    throw new NotEnoughMemoryError(`${doing}: ${error.message.slice(error.field.length + 2)}.`);
  }
}
