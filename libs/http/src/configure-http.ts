import { randomUUID } from 'node:crypto';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { answerProblem, ProblemDetailsFilter } from './problem-details.filter.js';
import { problemOf } from './problem-details.js';
import { createValidationPipe } from './validation-pipe.js';

export interface HttpOptions {
  /** Largest body that is read into memory; a route that streams its body is not bound by it. */
  readonly bodyLimitBytes?: number;
}

// No body of JSON but feedback has more than a few short fields.
const DEFAULT_BODY_LIMIT_BYTES = 16_384;
const REQUEST_TIMEOUT_MS = 30_000;
const REQUEST_ID_PATTERN = /^[A-Za-z0-9._-]{1,64}$/;

/** Bodies are JSON or what a route asks for: a form, which Nest would read as well, is an unsupported media type. */
class JsonAdapter extends FastifyAdapter {
  override registerParserMiddleware(): void {
    // Fastify brings a parser of JSON itself, and one of plain text that nobody needs.
    this.getInstance().removeContentTypeParser('text/plain');
  }
}

/** Fastify with request ids, a body limit and problem details even for addresses that cannot be parsed. */
export function createHttpAdapter(options: HttpOptions = {}): FastifyAdapter {
  return new JsonAdapter({
    bodyLimit: options.bodyLimitBytes ?? DEFAULT_BODY_LIMIT_BYTES,
    // Bounds the headers, not the body: an upload may take as long as it needs.
    connectionTimeout: 0,
    http: { headersTimeout: REQUEST_TIMEOUT_MS },
    genReqId: (request: { headers: Record<string, unknown> }) => requestIdOf(request.headers['x-request-id']),
    routerOptions: { maxParamLength: 16_000 },
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => {
      void answerProblem(reply, problemOf(error), request.id);
    },
  });
}

/** What every HTTP process of the platform has in common. Call it before `listen` or `init`. */
export function configureHttp(app: NestFastifyApplication): void {
  app.useGlobalFilters(new ProblemDetailsFilter());
  app.useGlobalPipes(createValidationPipe());
  app.enableShutdownHooks();
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.headers(SECURITY_HEADERS).header('X-Request-Id', request.id);
    done();
  });
  fastify.addHook('onSend', (_request, reply, payload, done) => {
    // Pages (the API's documentation) bring their own scripts; answers are data and may load nothing at all.
    const type = String(reply.getHeader('Content-Type') ?? '');
    if (type.includes('json')) void reply.headers(DATA_HEADERS);
    done(null, payload);
  });
}

const SECURITY_HEADERS = {
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

const DATA_HEADERS = {
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Cache-Control': 'no-store',
};

/** What every answer in JSON carries beside its request id. */
export const DATA_ANSWER_HEADERS = { ...SECURITY_HEADERS, ...DATA_HEADERS };

/** The caller's own id where it is harmless in a log line, otherwise a new one. */
export function requestIdOf(given: unknown): string {
  return typeof given === 'string' && REQUEST_ID_PATTERN.test(given) ? given : randomUUID();
}
