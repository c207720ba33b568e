import {
  LeaseLostError,
  RunRepository,
  STAGES,
  type NewManualRun,
  type NewPromotion,
  type NewTriggeredRun,
  type Run,
  type RunFailure,
  type RunLease,
  type RunLogLine,
  type RunOutcome,
  type RunStage,
  type StageName,
  type TenantId,
} from '#libs/domain';
import { Prisma } from '../generated/client.js';
import type { TenantDatabase, TenantPrisma } from '../database/tenant-database.js';
import type { Statement } from '../database/one-statement.js';
import { endRun, failRun, keyOf } from './end-run.js';
import { lockLease } from './lease-check.js';
import { toRun, toRunStage } from './run-rows.js';
import {
  ADD_CPU_SECONDS,
  APPEND_LOG,
  CLAIM,
  EXTEND_LEASE,
  FINISH_STAGE,
  REPORT_PROGRESS,
  STAGES_OF_RUN,
  START_STAGE,
  type ClaimedRow,
  type StageRow,
} from './run-statements.js';
import { startOrJoin, startPromotion, startTriggered, type WantedRun } from './start-or-join.js';

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

  override requestPromotion(
    tenantId: TenantId,
    request: NewPromotion,
  ): Promise<{ run: Run; joined: boolean }> {
    return this.startUnlessTaken(tenantId, (prisma) => startPromotion(prisma, tenantId, request));
  }

  override async unfinishedPromotion(tenantId: TenantId): Promise<Run | undefined> {
    const where = { tenantId, active: true, promotesVersion: { not: null } };
    const row = await this.database.run(tenantId, (prisma) => prisma.run.findFirst({ where }));
    return row === null ? undefined : toRun(row);
  }

  private startOrJoin(
    tenantId: TenantId,
    request: NewManualRun,
    wanted: WantedRun,
  ): Promise<{ run: Run; joined: boolean }> {
    return this.startUnlessTaken(tenantId, (prisma) => startOrJoin(prisma, tenantId, request, wanted));
  }

  private async startUnlessTaken<T>(
    tenantId: TenantId,
    start: (prisma: TenantPrisma) => Promise<T>,
  ): Promise<T> {
    try {
      return await this.database.run(tenantId, start);
    } catch (error) {
      // The planner has been faster by a moment: its run is visible now.
      if (isTaken(error)) return this.database.run(tenantId, start);
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
    const rows = await this.database.runOne<StageRow>(tenantId, STAGES_OF_RUN, [tenantId, runId]);
    return rows.map(toRunStage).sort((a, b) => STAGES.indexOf(a.stage) - STAGES.indexOf(b.stage));
  }

  override async claim(
    tenantId: TenantId,
    runId: string,
    workerId: string,
    leaseMs: number,
  ): Promise<{ run: Run; lease: RunLease } | undefined> {
    const values = [tenantId, runId, workerId, leaseMs / 1000];
    const [row] = await this.database.runOne<ClaimedRow>(tenantId, CLAIM, values);
    if (row === undefined) return undefined;
    const run = toRun({ ...row, night: new Date(row.night) });
    return { run, lease: { tenantId, runId, fencingToken: row.fencingToken } };
  }

  override extendLease(lease: RunLease, leaseMs: number): Promise<void> {
    return this.writeOne(lease, EXTEND_LEASE, [leaseMs / 1000]);
  }

  override startStage(lease: RunLease, stage: StageName): Promise<void> {
    return this.writeOne(lease, START_STAGE, [stage]);
  }

  override async reportProgress(lease: RunLease, stage: StageName, progress: number): Promise<void> {
    // A report that comes too late changes nothing.
    await this.database.runOne(lease.tenantId, REPORT_PROGRESS, [...leaseValues(lease), stage, progress]);
  }

  override finishStage(
    lease: RunLease,
    stage: StageName,
    output: Readonly<Record<string, unknown>>,
    next?: StageName,
    lines: readonly RunLogLine[] = [],
  ): Promise<void> {
    const left = [JSON.stringify(output), next ?? null, JSON.stringify(lines)];
    return this.writeOne(lease, FINISH_STAGE, [stage, ...left]);
  }

  override async appendLog(lease: RunLease, stage: StageName, lines: readonly RunLogLine[]): Promise<void> {
    if (lines.length === 0) return;
    const values = [...leaseValues(lease), stage, JSON.stringify(lines)];
    await this.database.runOne(lease.tenantId, APPEND_LOG, values);
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
        // It has had its turn, and keeps it.
        status: 'admitted' as const,
        leaseOwner: null,
        leaseUntil: null,
        attempt: { decrement: 1 },
      };
      await prisma.run.update({ where: { tenantId_runId: keyOf(lease) }, data });
    });
  }

  override async addCpuSeconds(lease: RunLease, seconds: number): Promise<void> {
    await this.database.runOne(lease.tenantId, ADD_CPU_SECONDS, [...leaseValues(lease), seconds]);
  }

  override fail(lease: RunLease, failure: RunFailure): Promise<void> {
    return this.write(lease, (prisma) => failRun(prisma, lease, failure));
  }

  /** @throws LeaseLostError when another worker has taken over */
  private async writeOne(lease: RunLease, statement: Statement, values: readonly unknown[]): Promise<void> {
    const written = await this.database.runOne(lease.tenantId, statement, [...leaseValues(lease), ...values]);
    if (written.length === 0) throw new LeaseLostError(lease.runId);
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

function leaseValues({ tenantId, runId, fencingToken }: RunLease): unknown[] {
  return [tenantId, runId, fencingToken];
}
