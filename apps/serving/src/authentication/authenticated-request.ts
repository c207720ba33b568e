import type { FastifyRequest } from 'fastify';
import type { ApiKey } from '#libs/domain';
import type { ServedTenant } from '../pointers/serving-state.js';

/** A request that has passed the guard. */
export interface AuthenticatedRequest extends FastifyRequest {
  user: ApiKey;
  tenant: ServedTenant;
}
