import type { components } from './generated/serving.js';

export type ProblemBody = components['schemas']['ProblemDto'];

/** A refusal: what the program answered instead of what it was asked for. Decide by `code`. */
export class NightshiftProblem extends Error {
  override readonly name = 'NightshiftProblem';
  readonly status: number;
  readonly code: string;
  /** To quote when asking for help. */
  readonly requestId: string;
  readonly errors: ProblemBody['errors'];
  /** Undefined when another try would end the same way. */
  readonly retryAfterSeconds: number | undefined;

  constructor(body: ProblemBody, retryAfterSeconds?: number) {
    super(body.detail);
    this.status = body.status;
    this.code = body.code;
    this.requestId = body.instance;
    this.errors = body.errors;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
