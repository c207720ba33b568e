import { AlgorithmRangeError } from '#libs/algorithms';
import { InvalidInputError } from '#libs/domain';

const CODES: Readonly<Record<string, string>> = {
  PARAMETER_INVALID: 'invalidParams',
  ALGORITHM_UNKNOWN: 'unknownAlgorithm',
};

const SAYINGS: Readonly<Record<string, string>> = {
  invalidParams: 'The parameters are not those of the algorithm.',
  unknownAlgorithm: 'There is no such algorithm.',
  unknownMetric: 'There is no such metric.',
};

/** Runs a check of `libs/algorithms` on something that somebody typed: what it refuses, it refuses in their words. */
export function refuseArguments<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof AlgorithmRangeError) || !Object.hasOwn(CODES, error.code)) throw error;
    const code = error.field === 'metrics' ? 'unknownMetric' : CODES[error.code];
    const message = error.message.slice(error.field.length + 2);
    throw new InvalidInputError(code, SAYINGS[code], [{ field: error.field, code, message }]);
  }
}
