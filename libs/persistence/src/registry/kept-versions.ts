import type { TenantId } from '#libs/domain';
import type { TenantPrisma } from '../database/tenant-database.js';

/** Versions whose files stay on disk: the one in service and those that became champion last. Only they can be served again. */
export async function keptVersionsOf(
  prisma: TenantPrisma,
  tenantId: TenantId,
  servedVersion: number,
  keptVersions: number,
): Promise<Set<number>> {
  const promoted = await prisma.modelVersion.findMany({
    where: { tenantId, promotedAt: { not: null } },
    select: { version: true, promotedAt: true },
  });
  const chosen = await prisma.registryChange.groupBy({
    by: ['toVersion'],
    where: { tenantId },
    _max: { changedAt: true },
  });
  // A night makes a version champion once, a person as often as they like.
  const lastBegun = new Map(promoted.map((row) => [row.version, row.promotedAt?.getTime() ?? 0]));
  for (const { toVersion, _max } of chosen) {
    const begun = Math.max(lastBegun.get(toVersion) ?? 0, _max.changedAt?.getTime() ?? 0);
    lastBegun.set(toVersion, begun);
  }
  const newest = [...lastBegun].sort(([a, begunA], [b, begunB]) => begunB - begunA || b - a);
  return new Set([servedVersion, ...newest.slice(0, keptVersions).map(([version]) => version)]);
}
