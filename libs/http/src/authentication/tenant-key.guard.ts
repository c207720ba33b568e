import { Inject, Injectable, type ExecutionContext, type Type } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isTenantSlug, NightshiftError, NotFoundError, type ApiKey, type KeyScope } from '#libs/domain';
import type { AuthenticatedRequest } from './authenticated-request.js';
import { BEARER_KEY } from './bearer-key.strategy.js';
import { TENANT_OF_KEY } from './tenant-of-key.decorator.js';
import { RequestLimits } from '../limits/request-limits.js';
import { REQUIRED_SCOPES } from './require-scope.decorator.js';
import { TenantAccess } from './tenant-access.js';

/** What probes and scrapers ask; everything else is closed. */
export const OPEN_CONTROLLERS = Symbol('controllers without a key');

/** An address can be as long as a header may be, and the answer need not repeat it. */
const MOST_SHOWN = 100;

/** Guards every route: a key of the tenant in the address, with a scope that the route asks for. */
@Injectable()
export class TenantKeyGuard extends AuthGuard(BEARER_KEY) {
  constructor(
    private readonly access: TenantAccess,
    private readonly reflector: Reflector,
    @Inject(OPEN_CONTROLLERS) private readonly open: readonly Type[],
    private readonly limits: RequestLimits,
  ) {
    super();
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    if (this.open.includes(context.getClass())) return true;
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    if (this.reflector.get<true | undefined>(TENANT_OF_KEY, context.getClass()) === true) {
      await this.admitByKey(request);
    } else {
      await super.canActivate(context);
      await this.admit(request);
    }
    this.checkScope(request.user, context);
    this.checkLimits(request, context.switchToHttp().getResponse<FastifyReply>());
    return true;
  }

  /** Passport's verdict; its reasons (malformed, unknown, expired) are not told apart for the caller. */
  override handleRequest<User = ApiKey>(error: unknown, user: User | false | null | undefined): User {
    if (error !== null && error !== undefined) throw error;
    if (user === false || user === null || user === undefined) {
      throw new NightshiftError(
        'unauthorized',
        'keyRequired',
        'Send a valid API key: Authorization: Bearer ns_live_….',
      );
    }
    return user;
  }

  /** Another tenant's address answers exactly as one that does not exist. */
  private async admit(request: AuthenticatedRequest): Promise<void> {
    const slug = slugOf(request);
    const found = isTenantSlug(slug) ? await this.access.find(slug) : undefined;
    if (found === undefined || found.tenantId !== request.user.tenantId)
      throw new NotFoundError('tenant', slug.slice(0, MOST_SHOWN));
    request.tenant = found.tenant;
  }

  /** The address names no tenant, so the key does. */
  private async admitByKey(request: AuthenticatedRequest): Promise<void> {
    const key = this.handleRequest(null, await this.access.authenticate(tokenOf(request)));
    const found = await this.access.findById(key.tenantId);
    if (found === undefined) throw new NotFoundError('tenant', 'of this key');
    request.user = key;
    request.tenant = found.tenant;
  }

  private checkLimits({ user: key, tenant }: AuthenticatedRequest, reply: FastifyReply): void {
    const { requestsPerDay } = tenant as { readonly requestsPerDay?: number };
    const { code, text, policy, retryAfterSeconds } = this.limits.take(key, Date.now(), requestsPerDay);
    void reply.headers({ 'RateLimit-Policy': policy, RateLimit: text });
    if (code === 'allowed') return;
    void reply.header('Retry-After', String(retryAfterSeconds));
    const message =
      code === 'rateLimited'
        ? 'This key asks more often than it may.'
        : 'The tenant has used up its requests for today (UTC).';
    throw new NightshiftError('busy', code, message);
  }

  private checkScope(key: ApiKey, context: ExecutionContext): void {
    const targets = [context.getHandler(), context.getClass()];
    const required = this.reflector.getAllAndOverride<readonly KeyScope[] | undefined>(
      REQUIRED_SCOPES,
      targets,
    );
    const anyOf = required === undefined || required.length === 0 ? (['admin'] as const) : required;
    if (anyOf.some((scope) => key.scopes.includes(scope))) return;
    const message = `This needs a key with the scope ${anyOf.join(' or ')}.`;
    throw new NightshiftError('forbidden', 'scopeMissing', message);
  }
}

function slugOf(request: FastifyRequest): string {
  const { tenant } = request.params as { tenant?: unknown };
  return typeof tenant === 'string' ? tenant : '';
}

function tokenOf({ headers }: FastifyRequest): string {
  const own = headers['x-api-key'];
  return typeof own === 'string' ? own : (/^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? '');
}
