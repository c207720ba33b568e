import {
  ModelRegistryRepository,
  type JudgedRun,
  type KeptFiles,
  type LifecycleState,
  type ModelVersion,
  type MoveRequest,
  type NewModelVersion,
  type PublishRequest,
  type RegistryChange,
  type RunLease,
  type ServingPointer,
  type StoredVerdict,
  type TenantId,
} from '#libs/domain';
import type { Prisma } from '../generated/client.js';
import type { TenantDatabase } from '../database/tenant-database.js';
import { lockLease } from '../runs/lease-check.js';
import { keptRecords } from './kept-records.js';
import { lastJudged } from './last-judged.js';
import { movePointer, publishInTransaction } from './pointer-move.js';
import { toModelVersion, toRegistryChange, toServingPointer, toStoredVerdict } from './registry-rows.js';

const NO_RUN = '00000000-0000-0000-0000-000000000000';

export class PostgresModelRegistryRepository extends ModelRegistryRepository {
  constructor(private readonly database: TenantDatabase) {
    super();
  }

  override async pointer(tenantId: TenantId): Promise<ServingPointer | undefined> {
    const row = await this.database.run(tenantId, (prisma) =>
      prisma.servingPointer.findUnique({ where: { tenantId } }),
    );
    return row === null ? undefined : toServingPointer(row);
  }

  override async lifecycle(tenantId: TenantId): Promise<LifecycleState> {
    const where = { id: tenantId };
    return (await this.database.run(tenantId, (prisma) => prisma.tenant.findUniqueOrThrow({ where }))).state;
  }

  override async find(tenantId: TenantId, version: number): Promise<ModelVersion | undefined> {
    const where = { tenantId_version: { tenantId, version } };
    const row = await this.database.run(tenantId, (prisma) => prisma.modelVersion.findUnique({ where }));
    return row === null ? undefined : toModelVersion(row);
  }

  override async list(tenantId: TenantId, limit: number): Promise<ModelVersion[]> {
    const query = { where: { tenantId }, orderBy: { version: 'desc' as const }, take: limit };
    return (await this.database.run(tenantId, (prisma) => prisma.modelVersion.findMany(query))).map(
      toModelVersion,
    );
  }

  override lastJudged(tenantId: TenantId): Promise<JudgedRun | undefined> {
    return this.database.run(tenantId, (prisma) => lastJudged(prisma, tenantId));
  }

  override async verdicts(tenantId: TenantId, limit: number): Promise<StoredVerdict[]> {
    const query = { where: { tenantId }, orderBy: { createdAt: 'desc' as const }, take: limit };
    return (await this.database.run(tenantId, (prisma) => prisma.verdict.findMany(query))).map(
      toStoredVerdict,
    );
  }

  override async changes(tenantId: TenantId, limit: number): Promise<RegistryChange[]> {
    const query = { where: { tenantId }, orderBy: { changedAt: 'desc' as const }, take: limit };
    const rows = await this.database.run(tenantId, (prisma) => prisma.registryChange.findMany(query));
    return rows.map(toRegistryChange);
  }

  override registerCandidate(lease: RunLease, candidate: NewModelVersion): Promise<number> {
    const { tenantId } = lease;
    return this.database.run(tenantId, async (prisma) => {
      await lockLease(prisma, lease);
      const { recipe, metrics, ...rest } = candidate;
      const where = { tenantId, runId: candidate.runId, algorithm: recipe.algorithm };
      const json = {
        recipe: recipe as unknown as Prisma.InputJsonObject,
        metrics: metrics as Prisma.InputJsonObject,
      };
      const known = await prisma.modelVersion.findFirst({ where });
      if (known !== null) {
        // A run that has started again may have seen newer data: the number stays, what it stands for is what is on disk.
        const key = { tenantId_version: { tenantId, version: known.version } };
        await prisma.modelVersion.update({ where: key, data: { ...rest, ...json } });
        return known.version;
      }
      const newest = await prisma.modelVersion.aggregate({ where: { tenantId }, _max: { version: true } });
      const version = (newest._max.version ?? 0) + 1;
      await prisma.modelVersion.create({
        data: { ...rest, ...json, tenantId, version, status: 'candidate', algorithm: recipe.algorithm },
      });
      return version;
    });
  }

  override publish(lease: RunLease, request: PublishRequest): Promise<'published' | 'superseded'> {
    return this.database.run(lease.tenantId, async (prisma) => {
      await lockLease(prisma, lease);
      return publishInTransaction(prisma, lease, request);
    });
  }

  override moveTo(tenantId: TenantId, request: MoveRequest, keptVersions: number): Promise<ServingPointer> {
    return this.database.run(tenantId, (prisma) => movePointer(prisma, tenantId, request, keptVersions));
  }

  override keptFiles(tenantId: TenantId, keptVersions: number): Promise<KeptFiles> {
    return this.database.run(tenantId, async (prisma) => {
      const active = await prisma.run.findFirst({
        where: { tenantId, active: true, startedAt: { not: null } },
        orderBy: { startedAt: 'desc' },
      });
      const kept = await keptRecords(prisma, tenantId, keptVersions);
      // Candidates of a run that failed stay candidates for ever: only those of a run that may go on are needed.
      const candidates = await prisma.modelVersion.findMany({
        where: { tenantId, runId: active?.runId ?? NO_RUN, status: 'candidate' },
        select: { artifact: true },
      });
      return {
        listFiles: new Set(kept.publications.map(({ listFile }) => listFile)),
        artifacts: new Set([
          ...kept.artifacts.map(({ file }) => file),
          ...candidates.map((row) => row.artifact),
        ]),
        activeRunId: active?.runId,
      };
    });
  }
}
