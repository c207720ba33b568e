import { Injectable, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import {
  isTenantSlug,
  NightshiftError,
  NotFoundError,
  TenantRepository,
  type ApiKey,
  type KeyScope,
} from '#libs/domain';
import { HealthController, MetricsController } from '#libs/telemetry';
import type { AuthenticatedRequest } from './authenticated-request.js';
import { BEARER_KEY } from './bearer-key.strategy.js';
import { REQUIRED_SCOPES } from './require-scope.decorator.js';

/** What probes and scrapers ask; everything else is closed. */
const OPEN_CONTROLLERS: ReadonlySet<unknown> = new Set([HealthController, MetricsController]);

/** Guards every route: a key of the tenant in the address, with a scope that the route asks for. */
@Injectable()
export class TenantKeyGuard extends AuthGuard(BEARER_KEY) {
  constructor(
    private readonly tenants: TenantRepository,
    private readonly reflector: Reflector,
  ) {
    super();
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    if (OPEN_CONTROLLERS.has(context.getClass())) return true;
    await super.canActivate(context);
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    await this.admit(request);
    this.checkScope(request.user, context);
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
    const tenant = isTenantSlug(slug) ? await this.tenants.findBySlug(slug) : undefined;
    if (tenant === undefined || tenant.id !== request.user.tenantId) throw new NotFoundError('tenant', slug);
    request.tenant = tenant;
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
