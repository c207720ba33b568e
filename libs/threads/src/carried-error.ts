import { AlgorithmRangeError, ModelFormatError, type AlgorithmErrorCode } from '#libs/algorithms';

/** An error of `libs/algorithms` as plain data: a message between threads keeps no class and no code. */
export interface CarriedError {
  readonly code: AlgorithmErrorCode;
  /** Absent: a model file that cannot be read. */
  readonly field?: string;
  readonly message: string;
}

/** Undefined for any other error, which travels well enough as it is. */
export function packError(error: unknown): CarriedError | undefined {
  if (error instanceof ModelFormatError) return { code: error.code, message: error.message };
  if (!(error instanceof AlgorithmRangeError)) return undefined;
  const { code, field, message } = error;
  return { code, field, message: message.slice(field.length + 2) };
}

export function unpackError({ code, field, message }: CarriedError): Error {
  return field === undefined
    ? new ModelFormatError(code, message)
    : new AlgorithmRangeError(code, field, message);
}
