import { STATUS_CODES } from 'node:http';
import { HttpException } from '@nestjs/common';
import { NightshiftError, type ErrorKind, type FieldError } from '#libs/domain';

/** RFC 9457, with the stable code, the request's id and what is wrong with which field. */
export interface ProblemDetails {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  /** The request id: what a caller quotes when asking for help. */
  readonly instance: string;
  readonly errors?: readonly FieldError[];
}

export type Problem = Omit<ProblemDetails, 'instance' | 'type' | 'title'>;

const STATUS_OF_KIND: Readonly<Record<ErrorKind, number>> = {
  invalid: 400,
  unauthorized: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  changed: 412,
  'condition-missing': 428,
  'too-large': 413,
  locked: 423,
  busy: 429,
  internal: 500,
  unavailable: 503,
};

/** Codes for what the framework itself refuses; everything else carries its own. */
const CODE_OF_STATUS: Readonly<Record<number, string>> = {
  400: 'malformedRequest',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'notFound',
  405: 'methodNotAllowed',
  406: 'notAcceptable',
  408: 'requestTimeout',
  409: 'conflict',
  411: 'lengthRequired',
  412: 'preconditionFailed',
  413: 'tooLarge',
  414: 'addressTooLong',
  415: 'unsupportedMediaType',
  429: 'tooManyRequests',
  431: 'headersTooLarge',
  503: 'unavailable',
};

const UNEXPECTED: Problem = {
  status: 500,
  code: 'internal',
  detail: 'Something went wrong on our side. It has been recorded under this request id.',
};

/** The media type that every error answer has. */
export const PROBLEM_MEDIA_TYPE = 'application/problem+json; charset=utf-8';

/** What a caller may know about an error. Messages of unexpected errors stay inside: they can quote SQL, paths or data. */
export function problemOf(error: unknown): Problem {
  if (error instanceof NightshiftError) return problemOfNightshiftError(error);
  const status = statusOf(error);
  if (status === undefined || (status >= 500 && status !== 503) || status < 400) return UNEXPECTED;
  return { status, code: CODE_OF_STATUS[status] ?? 'refused', detail: messageOf(error, status) };
}

export function toProblemDetails(problem: Problem, requestId: string): ProblemDetails {
  return {
    type: `urn:nightshift:problem:${problem.code}`,
    title: STATUS_CODES[problem.status] ?? 'Error',
    ...problem,
    instance: requestId,
  };
}

function problemOfNightshiftError(error: NightshiftError): Problem {
  const status = STATUS_OF_KIND[error.kind];
  const detail = status === 500 ? UNEXPECTED.detail : error.message;
  const fields = error.details.fields ?? [];
  return { status, code: error.code, detail, ...(fields.length > 0 ? { errors: fields } : {}) };
}

function statusOf(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  // Fastify's own refusals (bad JSON, body too large, media type) are coded errors with a status.
  const { code, statusCode } = (error ?? {}) as { code?: unknown; statusCode?: unknown };
  const ofFastify = typeof code === 'string' && code.startsWith('FST_');
  return ofFastify && typeof statusCode === 'number' ? statusCode : undefined;
}

function messageOf(error: unknown, status: number): string {
  if (status === 404 && error instanceof HttpException) return 'There is nothing at this address.';
  return error instanceof Error ? error.message : (STATUS_CODES[status] ?? 'Error');
}
