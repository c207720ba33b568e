import { Inject, Injectable, Optional, type ExecutionContext, type Type } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  NightshiftError,
  NotFoundError,
  scopesIn,
  type ApiKey,
  type KeyScope,
  type SignedIn,
} from '#libs/domain';
import type { AuthenticatedRequest, Caller } from './authenticated-request.js';
import { BEARER_KEY } from './bearer-key.strategy.js';
import { OPEN_TO_MEMBERS } from './open-to-members.decorator.js';
import { PEOPLE_ONLY, type PeopleOnly } from './people-only.decorator.js';
import { CSRF_HEADER, SessionAccess } from './session-access.js';
import { TENANT_OF_KEY } from './tenant-of-key.decorator.js';
import { RequestLimits } from '../limits/request-limits.js';
import { REQUIRED_SCOPES } from './require-scope.decorator.js';
import { TenantAccess } from './tenant-access.js';

/** What probes and scrapers ask; everything else is closed. */
export const OPEN_CONTROLLERS = Symbol('controllers without a key');

/** An address can be as long as a header may be, and the answer need not repeat it. */
const MOST_SHOWN = 100;

/** People click; more than this is a program that should have a key. */
const PERSON_REQUESTS_PER_SECOND = 50;
/** People are limited wherever they go. */
const NO_TENANT = 0;
const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Guards every route: a key of the tenant in the address, with a scope that the route asks for; where people sign in, also a session
 * of somebody whose role in that tenant opens as much.
 */
@Injectable()
export class TenantKeyGuard extends AuthGuard(BEARER_KEY) {
  private readonly peopleLimits = new RequestLimits({
    keyRequestsPerSecond: PERSON_REQUESTS_PER_SECOND,
    tenantRequestsPerDay: 0,
  });

  constructor(
    private readonly access: TenantAccess,
    private readonly reflector: Reflector,
    @Inject(OPEN_CONTROLLERS) private readonly open: readonly Type[],
    private readonly limits: RequestLimits,
    @Optional() private readonly sessions?: SessionAccess,
  ) {
    super();
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const targets = [context.getHandler(), context.getClass()];
    const people = this.reflector.getAllAndOverride<PeopleOnly | undefined>(PEOPLE_ONLY, targets);
    if (people === undefined && this.open.includes(context.getClass())) return true;
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    if (people !== undefined) {
      request.signedIn = await this.signedInBy(request, reply);
      if (people === 'operators' && !request.signedIn.account.isOperator)
        throw new NightshiftError('forbidden', 'operatorsOnly', 'This is for operators of the platform.');
      return true;
    }
    const isTenantOfKey = this.reflector.get<true | undefined>(TENANT_OF_KEY, context.getClass()) === true;
    if (!isTenantOfKey && this.sessionTokenOf(request) !== undefined) {
      await this.admitPerson(request, reply);
      this.checkScope(request.user, context, 'This needs an admin of the tenant.');
      return true;
    }
    const slug = await this.admitKey(
      request,
      isTenantOfKey ? await this.keyOf(request) : await this.bearerOf(context),
    );
    // Before anything is refused: whoever is sent away has asked all the same.
    this.checkLimits(this.limits, request.user, quotaOf(request), reply);
    // Another tenant's address is refused as one that does not exist, in words and in time.
    if (!isTenantOfKey && slugOf(request) !== slug) throw noSuchTenant(slugOf(request));
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

  /** From the headers of addresses that name no tenant. */
  private async keyOf(request: FastifyRequest): Promise<ApiKey> {
    return this.handleRequest(null, await this.access.authenticate(tokenOf(request)));
  }

  private async bearerOf(context: ExecutionContext): Promise<ApiKey> {
    await super.canActivate(context);
    return context.switchToHttp().getRequest<AuthenticatedRequest>().user as unknown as ApiKey;
  }

  /** The tenant of the key, whatever the address says: nobody is looked for by a name that a caller has brought. */
  private async admitKey(request: AuthenticatedRequest, key: ApiKey): Promise<string> {
    const found = await this.access.findById(key.tenantId);
    if (found === undefined) throw new NotFoundError('tenant', 'of this key');
    request.user = callerOf(key);
    request.tenant = found.tenant;
    return found.slug;
  }

  private async admitPerson(request: AuthenticatedRequest, reply: FastifyReply): Promise<void> {
    const signedIn = await this.signedInBy(request, reply);
    const slug = slugOf(request);
    // Among their own tenants: nobody is looked for by a name that a caller has brought.
    const own = [...signedIn.memberships, ...signedIn.visits].find(({ tenant }) => tenant === slug);
    const found = own && (await this.access.findById(own.tenantId));
    const rights = found && scopesIn(signedIn, found.tenantId);
    if (found === undefined || rights === undefined) throw noSuchTenant(slug);
    request.signedIn = signedIn;
    request.tenant = found.tenant;
    request.user = { tenantId: found.tenantId, keyId: signedIn.account.accountId, ...rights };
  }

  private async signedInBy(request: FastifyRequest, reply: FastifyReply): Promise<SignedIn> {
    const token = this.sessionTokenOf(request);
    const signedIn = token === undefined ? undefined : await this.sessions?.authenticate(token);
    if (signedIn === undefined) throw new NightshiftError('unauthorized', 'sessionRequired', 'Sign in.');
    const person = { keyId: signedIn.account.accountId, tenantId: NO_TENANT };
    this.checkLimits(this.peopleLimits, person, undefined, reply);
    // The cookie comes along whatever page sends the request; this header only a page that has read the session.
    const mayChange = !SAFE_METHODS.has(request.method);
    if (mayChange && request.headers[CSRF_HEADER] !== signedIn.csrfToken)
      throw new NightshiftError('forbidden', 'csrfTokenMissing', `Send the session's ${CSRF_HEADER}.`);
    return signedIn;
  }

  /** A key beside it is what the caller means: browsers send cookies unasked. */
  private sessionTokenOf(request: FastifyRequest): string | undefined {
    if (this.sessions === undefined || request.headers.authorization !== undefined) return undefined;
    return (request as { cookies?: Record<string, string | undefined> }).cookies?.[this.sessions.cookieName];
  }

  /** @param quota the tenant's own, for its programs */
  private checkLimits(
    limits: RequestLimits,
    caller: Pick<Caller, 'keyId' | 'tenantId'>,
    quota: number | undefined,
    reply: FastifyReply,
  ): void {
    const { code, text, policy, retryAfterSeconds } = limits.take(caller, Date.now(), quota);
    void reply.headers({ 'RateLimit-Policy': policy, RateLimit: text });
    if (code === 'allowed') return;
    void reply.header('Retry-After', String(retryAfterSeconds));
    const message =
      code === 'rateLimited'
        ? 'This key asks more often than it may.'
        : 'The tenant has used up its requests for today (UTC).';
    throw new NightshiftError('busy', code, message);
  }

  private checkScope(caller: Caller, context: ExecutionContext, refusal?: string): void {
    const targets = [context.getHandler(), context.getClass()];
    const required = this.reflector.getAllAndOverride<readonly KeyScope[] | undefined>(
      REQUIRED_SCOPES,
      targets,
    );
    const anyOf = required === undefined || required.length === 0 ? (['admin'] as const) : required;
    if (anyOf.some((scope) => caller.scopes.includes(scope))) return;
    // Only a person is refused in words of people; whoever got here belongs to the tenant.
    if (refusal !== undefined && this.reflector.getAllAndOverride<true | undefined>(OPEN_TO_MEMBERS, targets))
      return;
    const message = refusal ?? `This needs a key with the scope ${anyOf.join(' or ')}.`;
    throw new NightshiftError('forbidden', 'scopeMissing', message);
  }
}

/** Its id beside the name, because names can be given twice. */
function callerOf({ tenantId, keyId, name, scopes }: ApiKey): Caller {
  return { tenantId, keyId, actor: `${name} (${keyId})`, scopes };
}

function noSuchTenant(slug: string): NotFoundError {
  return new NotFoundError('tenant', slug.slice(0, MOST_SHOWN));
}

function slugOf(request: FastifyRequest): string {
  const { tenant } = request.params as { tenant?: unknown };
  return typeof tenant === 'string' ? tenant : '';
}

function quotaOf({ tenant }: AuthenticatedRequest): number | undefined {
  return (tenant as { readonly requestsPerDay?: number }).requestsPerDay;
}

function tokenOf({ headers }: FastifyRequest): string {
  const own = headers['x-api-key'];
  return typeof own === 'string' ? own : (/^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? '');
}
