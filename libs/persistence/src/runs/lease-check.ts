import { LeaseLostError, type RunLease } from '#libs/domain';
import type { TenantPrisma } from '../database/tenant-database.js';

/** Locks the run for this transaction and makes sure that nobody has claimed it since. @throws LeaseLostError */
export async function lockLease(prisma: TenantPrisma, lease: RunLease): Promise<void> {
  const rows = await prisma.$queryRaw<{ fencing_token: number; status: string }[]>`
    SELECT fencing_token, status::text FROM run
    WHERE tenant_id = ${lease.tenantId} AND run_id = ${lease.runId}::uuid FOR UPDATE`;
  if (rows[0]?.fencing_token !== lease.fencingToken || rows[0].status !== 'running')
    throw new LeaseLostError(lease.runId);
}
