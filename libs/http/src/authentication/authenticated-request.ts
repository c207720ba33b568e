import type { FastifyRequest } from 'fastify';
import type { KeyScope, SignedIn, TenantId } from '#libs/domain';

/** Who asks, within one tenant: a program by its key, or a person who is signed in. */
export interface Caller {
  readonly tenantId: TenantId;
  /** Of the key or of the account: what limits are counted by. */
  readonly keyId: string;
  /** As it is recorded with changes. */
  readonly actor: string;
  readonly scopes: readonly KeyScope[];
}

/** A request that has passed the guard. */
export interface AuthenticatedRequest extends FastifyRequest {
  /** On addresses of a tenant. */
  user: Caller;
  tenant: unknown;
  /** When a person asks. */
  signedIn?: SignedIn;
}
