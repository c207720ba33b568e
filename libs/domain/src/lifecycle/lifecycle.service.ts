import { InvalidInputError } from '../errors/nightshift-error.js';
import type { Tenant, TenantId } from '../tenants/tenant.js';
import type { LifecycleState } from './lifecycle-state.js';

export interface LifecycleChange {
  readonly changeId: string;
  readonly fromState: LifecycleState;
  readonly toState: LifecycleState;
  readonly reason: string;
  readonly actor: string;
  readonly changedAt: Date;
}

export interface LifecycleRequest {
  readonly state: LifecycleState;
  readonly reason: string;
  readonly actor: string;
}

export abstract class LifecycleRepository {
  /** Changes the state and records the change in one transaction; `undefined` when the state is already so. */
  abstract change(tenantId: TenantId, request: LifecycleRequest): Promise<LifecycleChange | undefined>;
  /** Newest first. */
  abstract history(tenantId: TenantId, limit: number): Promise<LifecycleChange[]>;
  abstract current(tenantId: TenantId): Promise<{ state: LifecycleState; changedAt: Date }>;
}

/** On, Freeze and Off: no approval, but never without a name and a reason. */
export class LifecycleService {
  constructor(private readonly repository: LifecycleRepository) {}

  /** @throws InvalidInputError `reasonRequired` */
  async change(
    tenant: Tenant,
    request: LifecycleRequest,
  ): Promise<{ state: LifecycleState; changedAt: Date; changed: boolean }> {
    const reason = request.reason.trim();
    if (reason === '') {
      throw new InvalidInputError(
        'reasonRequired',
        'Say why: a change of state is recorded with its reason.',
        [{ field: 'reason', code: 'required', message: 'must not be empty' }],
      );
    }
    const change = await this.repository.change(tenant.id, { ...request, reason });
    if (change !== undefined) return { state: change.toState, changedAt: change.changedAt, changed: true };
    return { ...(await this.repository.current(tenant.id)), changed: false };
  }

  history(tenant: Tenant, limit = 100): Promise<LifecycleChange[]> {
    return this.repository.history(tenant.id, limit);
  }
}
