import type { RunFailure, RunLease, RunOutcome, TenantId } from '#libs/domain';
import type { TenantPrisma } from '../database/tenant-database.js';

// The caller has locked the lease.

export function keyOf({ tenantId, runId }: RunLease): { tenantId: TenantId; runId: string } {
  return { tenantId, runId };
}

export async function endRun(prisma: TenantPrisma, lease: RunLease, outcome: RunOutcome): Promise<void> {
  await prisma.run.update({
    where: { tenantId_runId: keyOf(lease) },
    data: {
      status: 'succeeded',
      active: null,
      outcome,
      finishedAt: new Date(),
      leaseOwner: null,
      leaseUntil: null,
    },
  });
}

/** Ends the run as failed, or puts it back for another attempt. */
export async function failRun(prisma: TenantPrisma, lease: RunLease, failure: RunFailure): Promise<void> {
  // Postgres stores no NUL, and a failure that cannot be recorded would be met again for ever.
  const message = failure.message.replaceAll('\0', '\ufffd');
  const uncounted = failure.counts === false ? { attempt: { decrement: 1 } } : {};
  if (failure.stage !== undefined) {
    await prisma.runStage.updateMany({
      where: { ...keyOf(lease), stage: failure.stage },
      data: { ...uncounted, status: 'failed', error: message, finishedAt: new Date() },
    });
  }
  const ended = failure.delayMs === undefined;
  await prisma.run.update({
    where: { tenantId_runId: keyOf(lease) },
    data: {
      ...uncounted,
      status: ended ? 'failed' : 'queued',
      active: ended ? null : true,
      finishedAt: ended ? new Date() : null,
      notBefore: new Date(Date.now() + (failure.delayMs ?? 0)),
      leaseOwner: null,
      leaseUntil: null,
      errorCode: failure.code,
      errorMessage: message,
    },
  });
}
