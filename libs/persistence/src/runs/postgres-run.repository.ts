import {
  LeaseLostError,
  RunRepository,
  STAGES,
  type NewManualRun,
  type NewTriggeredRun,
  type Run,
  type RunFailure,
  type RunLease,
  type RunOutcome,
  type RunStage,
  type StageName,
  type TenantId,
} from '#libs/domain';
import type { Run as RunRow } from '../generated/client.js';
import { Prisma } from '../generated/client.js';
import type { TenantDatabase, TenantPrisma } from '../database/tenant-database.js';
import { lockLease } from './lease-check.js';
import { toRun, toRunStage } from './run-rows.js';
import { startOrJoin, startTriggered, type WantedRun } from './start-or-join.js';

export class PostgresRunRepository extends RunRepository {
  constructor(private readonly database: TenantDatabase) {
    super();
  }

  override requestManual(tenantId: TenantId, request: NewManualRun): Promise<{ run: Run; joined: boolean }> {
    return this.startOrJoin(tenantId, request, { kind: 'manual' });
  }

  override requestBackfill(
    tenantId: TenantId,
    request: NewManualRun,
    limit: number,
  ): Promise<{ run: Run; joined: boolean }> {
    return this.startOrJoin(tenantId, request, { kind: 'backfill', limit });
  }

  private async startOrJoin(
    tenantId: TenantId,
    request: NewManualRun,
    wanted: WantedRun,
  ): Promise<{ run: Run; joined: boolean }> {
    try {
      return await this.database.run(tenantId, (prisma) => startOrJoin(prisma, tenantId, request, wanted));
    } catch (error) {
      // The planner has been faster by a moment: its run is visible now, and joined.
      if (isTaken(error)) {
        return this.database.run(tenantId, (prisma) => startOrJoin(prisma, tenantId, request, wanted));
      }
      throw error;
    }
  }

  override async startTriggered(tenantId: TenantId, request: NewTriggeredRun): Promise<Run | undefined> {
    try {
      return await this.database.run(tenantId, (prisma) => startTriggered(prisma, tenantId, request));
    } catch (error) {
      // The planner has been faster by a moment.
      if (isTaken(error)) return undefined;
      throw error;
    }
  }

  override async find(tenantId: TenantId, runId: string): Promise<Run | undefined> {
    const where = { tenantId_runId: { tenantId, runId } };
    const row = await this.database.run(tenantId, (prisma) => prisma.run.findUnique({ where }));
    return row === null ? undefined : toRun(row);
  }

  override async list(tenantId: TenantId, limit: number, lateOnly = false): Promise<Run[]> {
    const rows = await this.database.run(tenantId, (prisma) => {
      const late = {
        OR: [
          { status: 'succeeded' as const, finishedAt: { gt: prisma.run.fields.deadline } },
          { status: { not: 'succeeded' as const }, deadline: { lt: new Date() } },
        ],
      };
      const where = { tenantId, ...(lateOnly ? late : {}) };
      return prisma.run.findMany({ where, orderBy: { createdAt: 'desc' }, take: limit });
    });
    return rows.map(toRun);
  }

  override async stages(tenantId: TenantId, runId: string): Promise<RunStage[]> {
    const rows = await this.database.run(tenantId, (prisma) =>
      prisma.runStage.findMany({ where: { tenantId, runId } }),
    );
    return rows.map(toRunStage).sort((a, b) => STAGES.indexOf(a.stage) - STAGES.indexOf(b.stage));
  }

  override claim(
    tenantId: TenantId,
    runId: string,
    workerId: string,
    leaseMs: number,
  ): Promise<{ run: Run; lease: RunLease } | undefined> {
    return this.database.run(tenantId, async (prisma) => {
      const claimed = await prisma.$queryRaw<{ fencing_token: number }[]>`
        UPDATE run SET status = 'running', fencing_token = fencing_token + 1, attempt = attempt + 1, lease_owner = ${workerId},
               lease_until = now() + make_interval(secs => ${leaseMs / 1000}), started_at = COALESCE(started_at, now()),
               error_code = NULL, error_message = NULL
        WHERE tenant_id = ${tenantId} AND run_id = ${runId}::uuid AND not_before <= now()
          AND (status IN ('queued', 'admitted') OR (status = 'running' AND lease_until < now()))
          AND NOT EXISTS (SELECT FROM run other WHERE other.tenant_id = ${tenantId} AND other.run_id <> ${runId}::uuid
                          AND other.status IN ('admitted', 'running'))
        RETURNING fencing_token`;
      if (claimed.length === 0) return undefined;
      const row: RunRow = await prisma.run.findUniqueOrThrow({
        where: { tenantId_runId: { tenantId, runId } },
      });
      return { run: toRun(row), lease: { tenantId, runId, fencingToken: claimed[0].fencing_token } };
    });
  }

  override async extendLease(lease: RunLease, leaseMs: number): Promise<void> {
    const extended = await this.database.run(
      lease.tenantId,
      (prisma) => prisma.$executeRaw`
        UPDATE run SET lease_until = now() + make_interval(secs => ${leaseMs / 1000})
        WHERE tenant_id = ${lease.tenantId} AND run_id = ${lease.runId}::uuid
          AND fencing_token = ${lease.fencingToken} AND status = 'running'`,
    );
    if (extended === 0) throw new LeaseLostError(lease.runId);
  }

  override startStage(lease: RunLease, stage: StageName): Promise<void> {
    return this.write(lease, async (prisma) => {
      await prisma.$executeRaw`
        INSERT INTO run_stage (tenant_id, run_id, stage, status, attempt, fencing_token)
        VALUES (${lease.tenantId}, ${lease.runId}::uuid, ${stage}, 'running', 1, ${lease.fencingToken})
        ON CONFLICT (tenant_id, run_id, stage) DO UPDATE SET status = 'running', attempt = run_stage.attempt + 1,
          fencing_token = EXCLUDED.fencing_token, progress = 0, error = NULL, started_at = now(), finished_at = NULL`;
    });
  }

  override async reportProgress(lease: RunLease, stage: StageName, progress: number): Promise<void> {
    // Only for the eye: no lock, and a report that comes too late changes nothing.
    await this.database.run(lease.tenantId, (prisma) =>
      prisma.runStage.updateMany({
        where: { ...keyOf(lease), stage, fencingToken: lease.fencingToken, status: 'running' },
        data: { progress },
      }),
    );
  }

  override finishStage(
    lease: RunLease,
    stage: StageName,
    output: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    return this.write(lease, async (prisma) => {
      await prisma.runStage.update({
        where: { tenantId_runId_stage: { ...keyOf(lease), stage } },
        data: {
          status: 'succeeded',
          progress: 1,
          finishedAt: new Date(),
          output: output as Prisma.InputJsonObject,
        },
      });
    });
  }

  override finish(lease: RunLease, outcome: RunOutcome): Promise<void> {
    return this.write(lease, (prisma) => endRun(prisma, lease, outcome));
  }

  override restart(lease: RunLease): Promise<void> {
    return this.write(lease, async (prisma) => {
      await prisma.runStage.updateMany({ where: keyOf(lease), data: { status: 'failed' } });
    });
  }

  override pause(lease: RunLease): Promise<void> {
    return this.write(lease, async (prisma) => {
      const data = {
        status: 'queued' as const,
        leaseOwner: null,
        leaseUntil: null,
        attempt: { decrement: 1 },
      };
      await prisma.run.update({ where: { tenantId_runId: keyOf(lease) }, data });
    });
  }

  override fail(lease: RunLease, failure: RunFailure): Promise<void> {
    // Postgres stores no NUL, and a failure that cannot be recorded would be met again for ever.
    const message = failure.message.replaceAll('\0', '\ufffd');
    const uncounted = failure.counts === false ? { attempt: { decrement: 1 } } : {};
    return this.write(lease, async (prisma) => {
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
    });
  }

  private write(lease: RunLease, work: (prisma: TenantPrisma) => Promise<void>): Promise<void> {
    return this.database.run(lease.tenantId, async (prisma) => {
      await lockLease(prisma, lease);
      await work(prisma);
    });
  }
}

function isTaken(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002';
}

function keyOf(lease: RunLease): { tenantId: TenantId; runId: string } {
  return { tenantId: lease.tenantId, runId: lease.runId };
}

/** Part of the transaction that ends a run; the caller has locked the lease. */
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
