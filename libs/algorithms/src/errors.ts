/** Codes of the errors that this library throws; callers map them, they never parse messages. */
export type AlgorithmErrorCode =
  | 'PARAMETER_INVALID'
  | 'INDEX_OUT_OF_RANGE'
  | 'SHAPE_MISMATCH'
  | 'MODEL_CORRUPT'
  | 'MODEL_VERSION_UNKNOWN'
  | 'ALGORITHM_UNKNOWN'
  | 'NOT_POSITIVE_DEFINITE'
  | 'MEMORY_EXCEEDED';

/** A refused argument: `code` says what kind, `field` which one (dotted path for nested parameters). */
export class AlgorithmRangeError extends RangeError {
  readonly code: AlgorithmErrorCode;
  readonly field: string;

  constructor(code: AlgorithmErrorCode, field: string, message: string) {
    super(`${field}: ${message}`);
    this.name = 'AlgorithmRangeError';
    this.code = code;
    this.field = field;
  }
}

/** Model bytes that cannot be read: damaged, from an unknown format version or of an unknown algorithm. */
export class ModelFormatError extends Error {
  readonly code: AlgorithmErrorCode;

  constructor(code: AlgorithmErrorCode, message: string) {
    super(message);
    this.name = 'ModelFormatError';
    this.code = code;
  }
}
