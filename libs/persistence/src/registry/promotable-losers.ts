import { KEPT_LOSERS, type TenantId } from '#libs/domain';
import type { TenantPrisma } from '../database/tenant-database.js';

/** Challengers that lost and may still be promoted by hand, and whichever version a run is about to put into service. */
export async function promotableLosers(
  prisma: TenantPrisma,
  tenantId: TenantId,
): Promise<{ artifact: string }[]> {
  const select = { artifact: true } as const;
  const rejected = await prisma.modelVersion.findMany({
    where: { tenantId, status: 'rejected' },
    orderBy: { version: 'desc' },
    take: KEPT_LOSERS,
    select,
  });
  const promotions = await prisma.run.findMany({
    where: { tenantId, active: true, promotesVersion: { not: null } },
    select: { promotesVersion: true },
  });
  const versions = promotions.map(({ promotesVersion }) => promotesVersion as number);
  const wanted = await prisma.modelVersion.findMany({
    where: { tenantId, version: { in: versions } },
    select,
  });
  return [...rejected, ...wanted];
}
