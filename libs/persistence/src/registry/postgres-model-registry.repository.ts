import {
  LeaseLostError,
  ModelRegistryRepository,
  NotFoundError,
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
import type { TenantDatabase } from '../database/tenant-database.js';
import { keptRecords } from './kept-records.js';
import { lastJudged } from './last-judged.js';
import { movePointer } from './pointer-move.js';
import { promotableLosers } from './promotable-losers.js';
import { publishNight } from './publish-night.js';
import { FIND_VERSION, LIFECYCLE, LOCK, POINTER, REGISTER, type VersionRow } from './registry-statements.js';
import { toModelVersion, toRegistryChange, toStoredVerdict } from './registry-rows.js';

const NO_RUN = '00000000-0000-0000-0000-000000000000';

export class PostgresModelRegistryRepository extends ModelRegistryRepository {
  constructor(private readonly database: TenantDatabase) {
    super();
  }

  override async pointer(tenantId: TenantId): Promise<ServingPointer | undefined> {
    const [pointer] = await this.database.runOne<ServingPointer>(tenantId, POINTER, [tenantId]);
    return pointer;
  }

  override async lifecycle(tenantId: TenantId): Promise<LifecycleState> {
    const [row] = await this.database.runOne<{ state: LifecycleState }>(tenantId, LIFECYCLE, [tenantId]);
    if (row === undefined) throw new NotFoundError('tenant', String(tenantId));
    return row.state;
  }

  override async find(tenantId: TenantId, version: number): Promise<ModelVersion | undefined> {
    const [row] = await this.database.runOne<VersionRow>(tenantId, FIND_VERSION, [tenantId, version]);
    return row && toModelVersion(row);
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

  override async registerCandidate(lease: RunLease, candidate: NewModelVersion): Promise<number> {
    const { tenantId, runId, fencingToken } = lease;
    const { recipe, seed, watermark, snapshotHash, holdoutFrom, codeVersion, metrics } = candidate;
    const { trainingSeconds, artifact, artifactSha256 } = candidate;
    const values = [
      ...[tenantId, runId, fencingToken, recipe.algorithm],
      ...[JSON.stringify(recipe), seed, watermark, snapshotHash, holdoutFrom, codeVersion],
      ...[JSON.stringify(metrics), trainingSeconds, artifact, artifactSha256],
    ];
    const [registered] = await this.database.runBulk(tenantId, async (client) => {
      // Before the statement that looks for the newest number: it is to see what the one before has numbered.
      await client.query({ ...LOCK, values: [tenantId, runId] });
      return (await client.query<{ version: number }>({ ...REGISTER, values })).rows;
    });
    if (registered === undefined) throw new LeaseLostError(runId);
    return registered.version;
  }

  override publish(lease: RunLease, request: PublishRequest): Promise<'published' | 'superseded'> {
    return this.database.runBulk(lease.tenantId, (client) => publishNight(client, lease, request));
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
      const losers = await promotableLosers(prisma, tenantId);
      return {
        listFiles: new Set(kept.publications.map(({ listFile }) => listFile)),
        artifacts: new Set([
          ...kept.artifacts.map(({ file }) => file),
          ...[...candidates, ...losers].map((row) => row.artifact),
        ]),
        activeRunId: active?.runId,
      };
    });
  }
}
