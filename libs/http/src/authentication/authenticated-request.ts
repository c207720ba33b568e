import type { FastifyRequest } from 'fastify';
import type { ApiKey } from '#libs/domain';

/** A request that has passed the guard. */
export interface AuthenticatedRequest extends FastifyRequest {
  user: ApiKey;
  tenant: unknown;
}
