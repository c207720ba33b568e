import type { KeptArtifact, KeptPublication, TrainedFile, TenantId } from '#libs/domain';
import type { TenantPrisma } from '../database/tenant-database.js';
import { keptVersionsOf } from './kept-versions.js';

/** Learnt in every night; lists are made with it also where another model is champion. */
const NEIGHBOURS = 'item-cf';

export interface KeptRows {
  readonly publications: readonly KeptPublication[];
  readonly artifacts: readonly KeptArtifact[];
}

/** What is served, what may be served again, and what its lists were made with. */
export async function keptRecords(
  prisma: TenantPrisma,
  tenantId: TenantId,
  keptVersions: number,
): Promise<KeptRows> {
  const pointer = await prisma.servingPointer.findUnique({ where: { tenantId } });
  if (pointer === null) return { publications: [], artifacts: [] };
  const versions = [...(await keptVersionsOf(prisma, tenantId, pointer.modelVersion, keptVersions))];
  const newest = await prisma.publication.findMany({
    where: { tenantId, modelVersion: { in: versions } },
    distinct: ['modelVersion'],
    orderBy: [{ modelVersion: 'asc' }, { publishedAt: 'desc' }],
  });
  const { publicationId } = pointer;
  const served = await prisma.publication.findUnique({
    where: { tenantId_publicationId: { tenantId, publicationId } },
  });
  const others = newest.filter((row) => row.publicationId !== publicationId);
  const publications = [...(served === null ? [] : [served]), ...others].map((row) => ({
    ...{ publicationId: row.publicationId, runId: row.runId, modelVersion: row.modelVersion },
    ...{ listFile: row.listFile, listSha256: row.listSha256 },
    isServed: row.publicationId === publicationId,
  }));
  const models = await prisma.modelVersion.findMany({
    where: { tenantId, version: { in: versions } },
    select: { version: true, artifact: true, artifactSha256: true },
    orderBy: { version: 'desc' },
  });
  const artifacts = models.map(({ version, artifact, artifactSha256 }): KeptArtifact => {
    return { file: artifact, sha256: artifactSha256, modelVersion: version, role: 'model' };
  });
  const known = new Set(artifacts.map(({ file }) => file));
  const neighbours = await neighboursOf(prisma, tenantId, publications);
  return { publications, artifacts: [...artifacts, ...neighbours.filter(({ file }) => !known.has(file))] };
}

async function neighboursOf(
  prisma: TenantPrisma,
  tenantId: TenantId,
  publications: readonly KeptPublication[],
): Promise<KeptArtifact[]> {
  const versionOf = new Map(publications.map(({ runId, modelVersion }) => [runId, modelVersion]));
  const trained = await prisma.runStage.findMany({
    where: { tenantId, runId: { in: [...versionOf.keys()] }, stage: 'train' },
    select: { runId: true, output: true },
  });
  const seen = new Set<string>();
  return trained.flatMap(({ runId, output }) => {
    const { models, neighbours } = output as {
      models?: Record<string, TrainedFile>;
      neighbours?: TrainedFile;
    };
    // A night without anything new took them from the one before.
    const found = models?.[NEIGHBOURS] ?? neighbours;
    if (found === undefined || seen.has(found.file)) return [];
    seen.add(found.file);
    const modelVersion = versionOf.get(runId) as number;
    return [{ file: found.file, sha256: found.sha256, modelVersion, role: 'neighbours' as const }];
  });
}
