import { Injectable, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import { NightshiftError, NotFoundError, type ApiKey, type KeyScope } from '#libs/domain';
import { HealthController, MetricsController } from '#libs/telemetry';
import { PointerTable } from '../pointers/pointer-table.js';
import type { AuthenticatedRequest } from './authenticated-request.js';
import { BEARER_KEY } from './bearer-key.strategy.js';
import { REQUIRED_SCOPE } from './require-scope.decorator.js';

/** What probes and scrapers ask; everything else is closed. */
const OPEN_CONTROLLERS: ReadonlySet<unknown> = new Set([HealthController, MetricsController]);

/** Guards every route: a key of the tenant in the address, with the scope that the route asks for. */
@Injectable()
export class TenantKeyGuard extends AuthGuard(BEARER_KEY) {
  constructor(
    private readonly table: PointerTable,
    private readonly reflector: Reflector,
  ) {
    super();
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    if (OPEN_CONTROLLERS.has(context.getClass())) return true;
    await super.canActivate(context);
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    this.admit(request);
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
  private admit(request: AuthenticatedRequest): void {
    const slug = String((request.params as { tenant?: unknown }).tenant ?? '');
    const tenant = this.table.tenant(slug);
    if (tenant === undefined || tenant.tenantId !== request.user.tenantId)
      throw new NotFoundError('tenant', slug.slice(0, 100));
    request.tenant = tenant;
  }

  private checkScope(key: ApiKey, context: ExecutionContext): void {
    const targets = [context.getHandler(), context.getClass()];
    const scope = this.reflector.getAllAndOverride<KeyScope | undefined>(REQUIRED_SCOPE, targets);
    if (scope !== undefined && key.scopes.includes(scope)) return;
    throw new NightshiftError(
      'forbidden',
      'scopeMissing',
      `This needs a key with the scope ${scope ?? 'of an open route'}.`,
    );
  }
}
