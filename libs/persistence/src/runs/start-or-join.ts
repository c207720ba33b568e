import { randomUUID } from 'node:crypto';
import { NightshiftError, type NewManualRun, type Run, type TenantId } from '#libs/domain';
import type { TenantPrisma } from '../database/tenant-database.js';
import { toRun } from './run-rows.js';

/** What is asked for; of backfills at most `limit` may be unfinished. */
export type WantedRun = { readonly kind: 'manual' } | { readonly kind: 'backfill'; readonly limit: number };

/**
 * Part of a transaction.
 * @throws NightshiftError `tooManyRuns`
 */
export async function startOrJoin(
  prisma: TenantPrisma,
  tenantId: TenantId,
  request: NewManualRun,
  wanted: WantedRun,
): Promise<{ run: Run; joined: boolean }> {
  // One request at a time per tenant: the second sees the first and joins it.
  await prisma.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('request-run'), ${tenantId}::integer)`;
  const night = new Date(`${request.night}T00:00:00Z`);
  const { kind } = wanted;
  const same = kind === 'backfill' ? { kind, night } : { kind: { not: 'backfill' as const } };
  const unfinished = await prisma.run.findFirst({ where: { tenantId, active: true, ...same } });
  if (unfinished !== null) return { run: toRun(unfinished), joined: true };
  if (kind === 'backfill') await checkRoom(prisma, tenantId, wanted.limit);
  const { _max } = await prisma.run.aggregate({ where: { tenantId, night, kind }, _max: { ordinal: true } });
  const data = { ...request, tenantId, runId: randomUUID(), night, kind, ordinal: (_max.ordinal ?? -1) + 1 };
  return { run: toRun(await prisma.run.create({ data })), joined: false };
}

async function checkRoom(prisma: TenantPrisma, tenantId: TenantId, limit: number): Promise<void> {
  const waiting = await prisma.run.count({ where: { tenantId, active: true, kind: 'backfill' } });
  if (waiting < limit) return;
  const message = `${waiting} runs for past nights are not finished yet, and there may be ${limit}; they stay as they are. Ask again when one has ended.`;
  throw new NightshiftError('busy', 'tooManyRuns', message);
}
