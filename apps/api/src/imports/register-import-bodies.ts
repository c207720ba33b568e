import { UnsupportedMediaTypeException } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';

/** What a file may call itself; what it is, the mapping says, and gzip is recognised by its first bytes. */
export const IMPORT_CONTENT_TYPES = [
  'text/csv',
  'application/x-ndjson',
  'application/vnd.apache.parquet',
  'application/gzip',
  'application/octet-stream',
] as const;

/** The one address that takes files. Everywhere else the validation would copy the stream, socket and all, and die of it. */
const IMPORT_ROUTE = '/v1/tenants/:tenant/imports';

/**
 * Lets files through to the route as the stream that they are: a body of gigabytes is never in memory, and nothing of it is
 * read before the key has been checked. Call it before the application listens.
 */
export function registerImportBodies(fastify: Pick<FastifyInstance, 'addContentTypeParser'>): void {
  fastify.addContentTypeParser([...IMPORT_CONTENT_TYPES], (request, payload, done) => {
    if (request.method === 'POST' && request.routeOptions.url === IMPORT_ROUTE) done(null, payload);
    else done(new UnsupportedMediaTypeException('This address takes JSON, not files.'));
  });
}
