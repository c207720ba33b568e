import { randomUUID } from 'node:crypto';
import {
  ProductRepository,
  type AvailabilityChange,
  type AvailabilityRequest,
  type ProductAvailability,
  type TenantId,
} from '#libs/domain';
import type { TenantDatabase } from '../database/tenant-database.js';

const AVAILABILITY = { productId: true, name: true, hidden: true, availableFrom: true, retiredAt: true };

/** A trigger on the table tells serving nodes, whoever changes a product. */
export class PostgresProductRepository extends ProductRepository {
  constructor(private readonly database: TenantDatabase) {
    super();
  }

  override async availability(
    tenantId: TenantId,
    productId: string,
  ): Promise<ProductAvailability | undefined> {
    const query = { where: { tenantId_productId: { tenantId, productId } }, select: AVAILABILITY };
    return (await this.database.run(tenantId, (prisma) => prisma.product.findUnique(query))) ?? undefined;
  }

  override async history(
    tenantId: TenantId,
    productId: string,
    limit: number,
  ): Promise<AvailabilityChange[]> {
    const query = {
      where: { tenantId, productId },
      orderBy: { changedAt: 'desc' as const },
      take: limit,
      omit: { tenantId: true, productId: true, changeId: true },
    };
    return this.database.run(tenantId, (prisma) => prisma.availabilityChange.findMany(query));
  }

  override setAvailability(
    tenantId: TenantId,
    productId: string,
    { reason, actor, ...availability }: AvailabilityRequest,
  ): Promise<ProductAvailability | undefined> {
    return this.database.run(tenantId, async (prisma) => {
      const changedAt = new Date();
      const data = { ...availability, updatedAt: changedAt };
      const { count } = await prisma.product.updateMany({ where: { tenantId, productId }, data });
      if (count === 0) return undefined;
      await prisma.availabilityChange.create({
        data: { tenantId, productId, changeId: randomUUID(), ...availability, reason, actor, changedAt },
      });
      const where = { tenantId_productId: { tenantId, productId } };
      return prisma.product.findUniqueOrThrow({ where, select: AVAILABILITY });
    });
  }
}
