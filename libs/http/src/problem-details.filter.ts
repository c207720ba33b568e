import { Catch, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { problemOf, PROBLEM_MEDIA_TYPE, toProblemDetails, type Problem } from './problem-details.js';

const RETRY_AFTER_SECONDS = 5;

/** The one place where an error becomes an HTTP answer. */
@Catch()
export class ProblemDetailsFilter implements ExceptionFilter {
  private readonly logger = new Logger(ProblemDetailsFilter.name);

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const problem = problemOf(error);
    if (problem.status >= 500) this.record(error, problem, request);
    // A stream that broke half-way has sent its status already: closing the connection is all the truth that is left.
    if (reply.sent || reply.raw.headersSent) {
      reply.raw.destroy();
      return;
    }
    const accepted = acceptedTypes(request);
    if (problem.status !== 415) void answerProblem(reply, problem, request.id);
    else void answerProblem(reply.header('Accept', accepted), withTypes(problem, accepted), request.id);
  }

  private record(error: unknown, problem: Problem, request: FastifyRequest): void {
    const route = `${request.method} ${request.routeOptions?.url ?? 'unknown route'}`;
    this.logger.error(
      { err: error, code: problem.code, requestId: request.id },
      `${route} answered ${problem.status}`,
    );
  }
}

/** A route that takes anything but JSON says so in its configuration: `@RouteConfig({ accepts: [...] })`. */
function acceptedTypes(request: FastifyRequest): string {
  const { accepts } = (request.routeOptions?.config ?? {}) as { accepts?: readonly string[] };
  return (accepts ?? ['application/json']).join(', ');
}

function withTypes(problem: Problem, accepted: string): Problem {
  const choice = accepted.includes(',') ? 'one of these types' : 'this type';
  return { ...problem, detail: `This address takes bodies of ${choice}: ${accepted}.` };
}

/** Sends a problem on a bare Fastify reply: for what fails before Nest sees the request. */
export function answerProblem(reply: FastifyReply, problem: Problem, requestId: string): FastifyReply {
  const mayComeBack = problem.status === 503 || problem.status === 429;
  if (mayComeBack && !reply.hasHeader('Retry-After'))
    void reply.header('Retry-After', String(RETRY_AFTER_SECONDS));
  if (problem.status === 401) void reply.header('WWW-Authenticate', 'Bearer realm="nightshift"');
  return reply
    .code(problem.status)
    .header('Content-Type', PROBLEM_MEDIA_TYPE)
    .header('X-Request-Id', requestId)
    .serializer(JSON.stringify)
    .send(toProblemDetails(problem, requestId));
}
