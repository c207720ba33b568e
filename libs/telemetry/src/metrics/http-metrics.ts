import type { FastifyInstance } from 'fastify';
import type { MetricsRegistry } from './metrics-registry.js';
import { TalliedHistogram } from './tallied-histogram.js';

// Seconds; a look-up takes one or two milliseconds, an import minutes.
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60];

export type HttpTimes = TalliedHistogram<'method' | 'route' | 'status'>;

/** Measures every answer by route, never by address: an address can hold a customer id. */
export function recordHttpMetrics(fastify: FastifyInstance, registry: MetricsRegistry): HttpTimes {
  const times: HttpTimes = new TalliedHistogram(
    {
      name: 'nightshift_http_request_seconds',
      help: 'Time from the request to the end of its answer.',
      labelNames: ['method', 'route', 'status'],
      buckets: BUCKETS,
    },
    registry,
  );
  fastify.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'none';
    times.tally(request.method, route, String(reply.statusCode)).observe(reply.elapsedTime / 1000);
    done();
  });
  return times;
}
