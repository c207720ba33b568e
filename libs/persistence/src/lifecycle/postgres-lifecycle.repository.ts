import { randomUUID } from 'node:crypto';
import {
  LifecycleRepository,
  NotFoundError,
  type LifecycleChange,
  type LifecycleRequest,
  type LifecycleState,
  type TenantId,
} from '#libs/domain';
import type { LifecycleChange as LifecycleChangeRow } from '../generated/client.js';
import type { TenantDatabase, TenantPrisma } from '../database/tenant-database.js';
import { addToOutbox } from '../outbox/outbox-row.js';

export class PostgresLifecycleRepository extends LifecycleRepository {
  constructor(private readonly database: TenantDatabase) {
    super();
  }

  override change(tenantId: TenantId, request: LifecycleRequest): Promise<LifecycleChange | undefined> {
    return this.database.run(tenantId, async (prisma) => {
      const fromState = await lockState(prisma, tenantId);
      if (fromState === request.state) return undefined;
      const { state: toState, reason, actor } = request;
      const changedAt = new Date();
      await prisma.tenant.update({
        where: { id: tenantId },
        data: { state: toState, stateChangedAt: changedAt },
      });
      const row = await prisma.lifecycleChange.create({
        data: { tenantId, changeId: randomUUID(), fromState, toState, reason, actor, changedAt },
      });
      await addToOutbox(prisma, tenantId, 'lifecycle.changed', {
        state: toState,
        changedAt: changedAt.toISOString(),
      });
      return toLifecycleChange(row);
    });
  }

  override async history(tenantId: TenantId, limit: number): Promise<LifecycleChange[]> {
    const query = { where: { tenantId }, orderBy: { changedAt: 'desc' as const }, take: limit };
    const rows = await this.database.run(tenantId, (prisma) => prisma.lifecycleChange.findMany(query));
    return rows.map(toLifecycleChange);
  }

  override async current(tenantId: TenantId): Promise<{ state: LifecycleState; changedAt: Date }> {
    const row = await this.database.run(tenantId, (prisma) =>
      prisma.tenant.findUnique({ where: { id: tenantId } }),
    );
    if (row === null) throw new NotFoundError('tenant', String(tenantId));
    return { state: row.state, changedAt: row.stateChangedAt };
  }
}

/** The tenant's row is locked first, here as in publish: a freeze comes wholly before a promotion or wholly after it. */
async function lockState(prisma: TenantPrisma, tenantId: TenantId): Promise<LifecycleState> {
  const rows = await prisma.$queryRaw<{ state: LifecycleState }[]>`
    SELECT state::text AS state FROM tenant WHERE id = ${tenantId} FOR UPDATE`;
  if (rows.length === 0) throw new NotFoundError('tenant', String(tenantId));
  return rows[0].state;
}

function toLifecycleChange(row: LifecycleChangeRow): LifecycleChange {
  const { changeId, fromState, toState, reason, actor, changedAt } = row;
  return { changeId, fromState, toState, reason, actor, changedAt };
}
