import { NightshiftError, StorageAwayError, StorageFullError } from '#libs/domain';

const STORE = 'object storage';
const FULL = new Set<unknown>(['QuotaExceeded', 'XMinioStorageFull', 'InsufficientStorage']);
/** Answers of 4xx that pass by themselves. */
const PASSING = new Set([408, 425, 429]);

interface ServiceError {
  readonly name?: string;
  readonly Code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** There is no such object. A bucket that is not there is something else. */
export function isAbsent(error: unknown): boolean {
  const { name } = (error ?? {}) as ServiceError;
  return name === 'NoSuchKey' || name === 'NotFound';
}

/** What the client has tried several times already, in words of the domain. */
export function asObjectError(error: unknown): unknown {
  if (error instanceof NightshiftError) return error;
  const { name, Code, $metadata } = (error ?? {}) as ServiceError;
  const status = $metadata?.httpStatusCode;
  if (status === 507 || FULL.has(name)) return new StorageFullError(STORE, error);
  const isRefusal = status !== undefined && status >= 400 && status < 500 && !PASSING.has(status);
  // No status at all: nobody answered.
  return new StorageAwayError(STORE, error, isRefusal ? (Code ?? name ?? String(status)) : undefined);
}
