import type { FastifyInstance, FastifyRequest } from 'fastify';
import { NightshiftError } from '#libs/domain';

/**
 * Refuses requests whose bodies would not fit beside those that are being read and answered now. A body is in memory until its
 * answer is gone; without a bound, a slow disk behind feedback would be paid for in memory until the process ends.
 */
export function limitBodiesUnderWay(fastify: FastifyInstance, maximumBytes: number): void {
  let underWay = 0;
  fastify.addHook('onRequest', (request, reply, done) => {
    const bytes = announcedBytes(request);
    if (bytes > 0 && underWay > 0 && underWay + bytes > maximumBytes) {
      done(new NightshiftError('busy', 'overloaded', 'This node has too many requests at once.'));
      return;
    }
    underWay += bytes;
    // Comes for every request, also for one that was broken off.
    reply.raw.once('close', () => (underWay -= bytes));
    done();
  });
}

/** What is sent in pieces announces nothing, and may come to as much as the route takes. */
function announcedBytes({ headers, routeOptions }: FastifyRequest): number {
  const limit = routeOptions.bodyLimit ?? 0;
  if (headers['transfer-encoding'] !== undefined) return limit;
  const announced = Number(headers['content-length'] ?? 0);
  // Above its limit it is refused before it is read.
  return Number.isFinite(announced) && announced <= limit ? announced : 0;
}
