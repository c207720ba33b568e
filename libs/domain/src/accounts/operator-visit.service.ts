import { InvalidInputError, NightshiftError, NotFoundError } from '../errors/nightshift-error.js';
import type { Tenant, TenantId } from '../tenants/tenant.js';
import { nameOfActor, type Account, type OperatorVisit } from './account.js';

export const LONGEST_VISIT_MINUTES = 240;

export abstract class OperatorVisitRepository {
  abstract start(visit: {
    readonly visitId: string;
    readonly tenantId: TenantId;
    readonly accountId: string;
    readonly operator: string;
    readonly reason: string;
    readonly startedAt: Date;
    readonly until: Date;
  }): Promise<void>;
  /** False when the operator has no such visit under way. */
  abstract end(accountId: string, visitId: string, at: Date): Promise<boolean>;
  /** Newest first. */
  abstract list(tenantId: TenantId, limit: number): Promise<OperatorVisit[]>;
}

/** Operators see the fleet; into a tenant they come with a reason, for a while, and the tenant sees it. */
export class OperatorVisitService {
  constructor(
    private readonly visits: OperatorVisitRepository,
    private readonly createId: () => string,
  ) {}

  /** @throws InvalidInputError `reasonRequired`, `invalidVisit`; NightshiftError `operatorsOnly` */
  async start(
    account: Account,
    tenant: Tenant,
    request: { readonly reason: string; readonly minutes: number },
    now = new Date(),
  ): Promise<{ visitId: string; until: Date }> {
    if (!account.isOperator)
      throw new NightshiftError('forbidden', 'operatorsOnly', 'This is for operators.');
    const reason = request.reason.trim();
    if (reason === '') {
      throw new InvalidInputError('reasonRequired', 'Say why: the tenant will read it.', [
        { field: 'reason', code: 'required', message: 'must not be empty' },
      ]);
    }
    const { minutes } = request;
    if (!Number.isInteger(minutes) || minutes < 1 || minutes > LONGEST_VISIT_MINUTES) {
      throw new InvalidInputError('invalidVisit', `A visit lasts 1 to ${LONGEST_VISIT_MINUTES} minutes.`, [
        { field: 'minutes', code: 'invalid', message: `must be 1 to ${LONGEST_VISIT_MINUTES}` },
      ]);
    }
    const visitId = this.createId();
    const until = new Date(now.getTime() + minutes * 60_000);
    const { accountId } = account;
    const operator = nameOfActor(account);
    await this.visits.start({
      visitId,
      tenantId: tenant.id,
      accountId,
      operator,
      reason,
      startedAt: now,
      until,
    });
    return { visitId, until };
  }

  async end(account: Account, visitId: string, now = new Date()): Promise<void> {
    if (!(await this.visits.end(account.accountId, visitId, now))) throw new NotFoundError('visit', visitId);
  }

  list(tenant: Tenant, limit = 100): Promise<OperatorVisit[]> {
    return this.visits.list(tenant.id, limit);
  }
}
