/**
 * Every error that domain code throws on purpose. One HTTP filter maps `kind` to a status, processors map it to
 * retry or give-up; `code` is stable and documented, `message` is for a person.
 */
export type ErrorKind =
  | 'invalid'
  | 'unauthorized'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'changed'
  | 'condition-missing'
  | 'too-large'
  | 'locked'
  | 'busy'
  | 'unavailable'
  | 'internal';

export interface FieldError {
  readonly field: string;
  readonly code: string;
  readonly message: string;
}

export class NightshiftError extends Error {
  override readonly name: string = 'NightshiftError';

  constructor(
    readonly kind: ErrorKind,
    readonly code: string,
    message: string,
    readonly details: { readonly fields?: readonly FieldError[]; readonly cause?: unknown } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
  }

  /** Whether the same call may succeed later without anybody changing anything. */
  get retryable(): boolean {
    return this.kind === 'unavailable' || this.kind === 'busy';
  }
}

export class InvalidInputError extends NightshiftError {
  constructor(code: string, message: string, fields: readonly FieldError[] = []) {
    super('invalid', code, message, { fields });
  }
}

/** Also thrown for another tenant's object: its existence is not visible. */
export class NotFoundError extends NightshiftError {
  constructor(what: string, id: string) {
    super('not-found', 'notFound', `There is no ${what} ${JSON.stringify(id)}.`);
  }
}

export class ConflictError extends NightshiftError {
  constructor(code: string, message: string) {
    super('conflict', code, message);
  }
}

/** A worker acts on a lease that somebody else holds by now: it must stop without writing anything. */
export class LeaseLostError extends NightshiftError {
  constructor(runId: string) {
    super('conflict', 'leaseLost', `Run ${runId} was taken over by another worker.`);
  }
}

/** A model would need more memory than there is; the same data would need as much again, so another try is no help. */
export class NotEnoughMemoryError extends NightshiftError {
  constructor(message: string) {
    super('too-large', 'notEnoughMemory', message);
  }

  /** Said before anything is allocated. */
  static toFit(algorithm: string, neededBytes: number, availableBytes: number): NotEnoughMemoryError {
    return new NotEnoughMemoryError(
      `Fitting ${algorithm} may need ${inBytes(neededBytes)}; there are ${inBytes(availableBytes)}.`,
    );
  }

  /** Said before anything is read. */
  static toHold(neededBytes: number, availableBytes: number): NotEnoughMemoryError {
    return new NotEnoughMemoryError(
      `The tenant's data may need ${inBytes(neededBytes)}; there are ${inBytes(availableBytes)}.`,
    );
  }
}

function inBytes(bytes: number): string {
  const megabytes = Math.ceil(bytes / 2 ** 20).toLocaleString('en-US');
  return `${Math.ceil(bytes).toLocaleString('en-US')} bytes (${megabytes} MB)`;
}

/** Postgres, Redis or a disk does not answer: worth another try. */
export class UnavailableError extends NightshiftError {
  constructor(what: string, cause: unknown) {
    super('unavailable', 'unavailable', `${what} is not available right now.`, { cause });
  }
}

/** The disk of a store is full: no run's fault. Somebody has to make room, and until then trying again is all there is to do. */
export class StorageFullError extends NightshiftError {
  constructor(store: string, cause: unknown) {
    super('unavailable', 'storageFull', `The disk of the ${store} is full.`, { cause });
  }
}

/**
 * A store on another machine does not answer (`storageAway`), or refuses what it is asked (`storageRefused`: keys, rights, no such
 * bucket). No run's fault either: trying again is all there is to do until it is there again, or somebody has set it right.
 */
export class StorageAwayError extends NightshiftError {
  constructor(store: string, cause: unknown, refusal?: string) {
    const [code, message] =
      refusal === undefined
        ? ['storageAway', `The ${store} does not answer.`]
        : ['storageRefused', `The ${store} refuses: ${refusal}.`];
    super('unavailable', code, message, { cause });
  }
}
