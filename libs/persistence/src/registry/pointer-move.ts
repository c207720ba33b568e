import { randomUUID } from 'node:crypto';
import {
  ConflictError,
  NotFoundError,
  SUPERSEDED_SENTENCE,
  type MoveRequest,
  type PublishRequest,
  type RunLease,
  type ServingPointer,
  type TenantId,
} from '#libs/domain';
import type { Prisma, ServingPointer as ServingPointerRow } from '../generated/client.js';
import type { TenantPrisma } from '../database/tenant-database.js';
import { addToOutbox } from '../outbox/outbox-row.js';
import { endRun } from '../runs/postgres-run.repository.js';
import { keptVersionsOf } from './kept-versions.js';
import { toServingPointer } from './registry-rows.js';

interface Move {
  readonly modelVersion: number;
  readonly publicationId: string;
  readonly listFile: string;
}

/** The transaction that makes a night count; the caller has locked the run's lease. */
export async function publishInTransaction(
  prisma: TenantPrisma,
  lease: RunLease,
  request: PublishRequest,
): Promise<'published' | 'superseded'> {
  const { tenantId, runId } = lease;
  const { publication } = request;
  // The tenant's row is locked first, here as in every change of state: a freeze comes wholly before or wholly after.
  const state = await lockState(prisma, tenantId);
  const pointer = await prisma.servingPointer.findUnique({ where: { tenantId } });
  const unmoved = (pointer?.revision ?? 0) === request.expectedRevision;
  const allowed =
    state === 'on' || (state === 'frozen' && pointer?.modelVersion === publication.modelVersion);
  const published = unmoved && allowed;
  await writeVerdicts(prisma, lease, request, published);
  if (published) {
    await prisma.publication.create({ data: { ...publication, tenantId, runId } });
    await compareAndSwap(prisma, tenantId, pointer, publication);
  }
  await prisma.modelVersion.updateMany({
    where: { tenantId, runId, status: 'candidate' },
    data: { status: 'rejected' },
  });
  await prisma.runStage.update({
    where: { tenantId_runId_stage: { tenantId, runId, stage: 'publish' } },
    data: { status: 'succeeded', progress: 1, finishedAt: new Date(), output: { published, ...publication } },
  });
  await endRun(prisma, lease, published ? request.outcome : 'superseded');
  return published ? 'published' : 'superseded';
}

/** A person chooses a version: the newest lists that it had are served again. */
export async function movePointer(
  prisma: TenantPrisma,
  tenantId: TenantId,
  request: MoveRequest,
  keptVersions: number,
): Promise<ServingPointer> {
  await lockState(prisma, tenantId);
  const pointer = await prisma.servingPointer.findUnique({ where: { tenantId } });
  if (pointer === null) throw new ConflictError('noModelYet', 'Nothing has been published yet.');
  if (pointer.modelVersion === request.version) return toServingPointer(pointer);
  const kept = await keptVersionsOf(prisma, tenantId, pointer.modelVersion, keptVersions);
  if (!kept.has(request.version)) throw new NotFoundError('kept model version', String(request.version));
  const publication = await prisma.publication.findFirst({
    where: { tenantId, modelVersion: request.version },
    orderBy: { publishedAt: 'desc' },
  });
  if (publication === null) throw new NotFoundError('published model version', String(request.version));
  const { modelVersion, publicationId, listFile } = publication;
  const changedAt = await compareAndSwap(prisma, tenantId, pointer, {
    modelVersion,
    publicationId,
    listFile,
  });
  await prisma.registryChange.create({
    data: {
      tenantId,
      changeId: randomUUID(),
      fromVersion: pointer.modelVersion,
      toVersion: request.version,
      reason: request.reason,
      actor: request.actor,
      changedAt,
    },
  });
  return toServingPointer(await prisma.servingPointer.findUniqueOrThrow({ where: { tenantId } }));
}

async function lockState(prisma: TenantPrisma, tenantId: TenantId): Promise<string> {
  const rows = await prisma.$queryRaw<{ state: string }[]>`
    SELECT state::text FROM tenant WHERE id = ${tenantId} FOR UPDATE`;
  if (rows.length === 0) throw new NotFoundError('tenant', String(tenantId));
  return rows[0].state;
}

/** Moves the pointer from exactly the revision that was read, and the champion's title with it. Answers when. */
async function compareAndSwap(
  prisma: TenantPrisma,
  tenantId: TenantId,
  from: ServingPointerRow | null,
  { modelVersion, publicationId, listFile }: Move,
): Promise<Date> {
  const movedAt = new Date();
  if (from === null) {
    await prisma.servingPointer.create({
      data: { tenantId, modelVersion, publicationId, listFile, movedAt },
    });
  } else {
    const moved = await prisma.servingPointer.updateMany({
      where: { tenantId, revision: from.revision },
      data: { modelVersion, publicationId, listFile, movedAt, revision: { increment: 1 } },
    });
    if (moved.count !== 1)
      throw new ConflictError('pointerMoved', 'Somebody else moved the champion at the same moment.');
  }
  if (from?.modelVersion !== modelVersion) {
    await prisma.modelVersion.updateMany({
      where: { tenantId, status: 'champion' },
      data: { status: 'retired' },
    });
    const where = { tenantId_version: { tenantId, version: modelVersion } };
    const { promotedAt } = await prisma.modelVersion.findUniqueOrThrow({ where });
    // A version that comes back keeps the moment at which a night promoted it.
    const data = { status: 'champion' as const, promotedAt: promotedAt ?? movedAt };
    await prisma.modelVersion.update({ where, data });
  }
  await addToOutbox(prisma, tenantId, 'pointer.moved', { modelVersion, publicationId });
  return movedAt;
}

async function writeVerdicts(
  prisma: TenantPrisma,
  { tenantId, runId }: RunLease,
  request: PublishRequest,
  published: boolean,
): Promise<void> {
  for (const { verdict, championVersion, challengerVersion } of request.verdicts) {
    const { lane, promoted, reasonCode, sentence, ...numbers } = verdict;
    const overruled = promoted && !published;
    await prisma.verdict.create({
      data: {
        tenantId,
        runId,
        lane,
        championVersion: championVersion ?? null,
        challengerVersion,
        promoted: promoted && published,
        reasonCode: overruled ? 'superseded' : reasonCode,
        sentence: overruled ? SUPERSEDED_SENTENCE : sentence,
        numbers: numbers as unknown as Prisma.InputJsonObject,
      },
    });
  }
}
