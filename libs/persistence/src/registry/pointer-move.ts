import { randomUUID } from 'node:crypto';
import {
  ConflictError,
  NotFoundError,
  type MoveRequest,
  type ServingPointer,
  type TenantId,
} from '#libs/domain';
import type { TenantPrisma } from '../database/tenant-database.js';
import { keptVersionsOf } from './kept-versions.js';
import { toServingPointer } from './registry-rows.js';
import { askingPrisma, compareAndSwap, lockState } from './swap-pointer.js';

/** A person chooses a version: the newest lists that it had are served again. */
export async function movePointer(
  prisma: TenantPrisma,
  tenantId: TenantId,
  request: MoveRequest,
  keptVersions: number,
): Promise<ServingPointer> {
  const ask = askingPrisma(prisma);
  await lockState(ask, tenantId);
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
  const changedAt = await compareAndSwap(ask, tenantId, pointer, {
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
