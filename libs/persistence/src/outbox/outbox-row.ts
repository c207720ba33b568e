import { randomUUID } from 'node:crypto';
import type { TenantId } from '#libs/domain';
import type { Prisma } from '../generated/client.js';
import type { TenantPrisma } from '../database/tenant-database.js';

/** Leaves a message in the transaction that makes it true; the relay delivers it after the commit, at least once. */
export async function addToOutbox(
  prisma: TenantPrisma,
  tenantId: TenantId,
  topic: string,
  payload: Prisma.InputJsonObject,
): Promise<void> {
  await prisma.outbox.create({ data: { tenantId, messageId: randomUUID(), topic, payload } });
}
