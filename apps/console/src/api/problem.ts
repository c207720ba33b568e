export interface FieldProblem {
  readonly field: string;
  readonly code: string;
  readonly message: string;
}

interface ProblemBody {
  readonly status?: number;
  readonly code?: string;
  readonly detail?: string;
  readonly instance?: string;
  readonly errors?: readonly FieldProblem[];
}

/** An answer of the API that is no success: decided by `code`, shown by `message`. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly requestId: string | undefined;
  readonly errors: readonly FieldProblem[];
  readonly retryAfterSeconds: number | undefined;

  constructor(body: unknown, response: Response) {
    const { code, detail, instance, errors } = (typeof body === 'object' ? (body ?? {}) : {}) as ProblemBody;
    super(detail ?? `The server answered ${response.status}.`);
    this.name = 'Problem';
    this.status = response.status;
    this.code = code ?? 'unknown';
    this.requestId = instance;
    this.errors = errors ?? [];
    const seconds = Number(response.headers.get('Retry-After'));
    this.retryAfterSeconds = Number.isFinite(seconds) && seconds > 0 ? seconds : undefined;
  }

  /** What is wrong with one field, for the form that sent it. */
  fieldMessage(field: string): string | undefined {
    return this.errors.find((error) => error.field === field)?.message;
  }
}

export const isProblem = (error: unknown, status?: number): error is Problem =>
  error instanceof Problem && (status === undefined || error.status === status);
