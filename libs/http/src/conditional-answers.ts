import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';

/**
 * Gives what is read an `ETag`, and answers 304 without a body to whoever has it already. For programs whose answers stay the same
 * for a while; not for the data plane, where each answer has an id of its own.
 */
export function answerConditionally(fastify: FastifyInstance): void {
  fastify.addHook('onSend', (request, reply, payload, done) => {
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    const isData = typeof payload === 'string' && String(reply.getHeader('Content-Type')).includes('json');
    if (!isRead || !isData || reply.statusCode !== 200) return done(null, payload);
    const own = reply.getHeader('ETag');
    const tag =
      typeof own === 'string'
        ? own
        : `"${createHash('sha256').update(payload).digest('base64url').slice(0, 27)}"`;
    // May be kept, by the caller alone, and has to be asked for again each time.
    void reply.headers({ ETag: tag, 'Cache-Control': 'private, no-cache' });
    if (!matches(request.headers['if-none-match'], tag)) return done(null, payload);
    void reply.code(304).removeHeader('Content-Length').removeHeader('Content-Type');
    done(null, '');
  });
}

/** RFC 9110, 13.1.2: a list of tags, weak ones included, or anything at all. */
function matches(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false;
  return header.split(',').some((part) => [tag, '*'].includes(part.trim().replace(/^W\//, '')));
}
