import { randomUUID } from 'node:crypto';
import {
  ConflictError,
  NightshiftError,
  type NewManualRun,
  type NewPromotion,
  type NewTriggeredRun,
  type Run,
  type RunKind,
  type TenantId,
} from '#libs/domain';
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
  await inTurn(prisma, tenantId);
  const night = new Date(`${request.night}T00:00:00Z`);
  const { kind } = wanted;
  const same = kind === 'backfill' ? { kind, night } : { kind: { not: 'backfill' as const } };
  const unfinished = await prisma.run.findFirst({ where: { tenantId, active: true, ...same } });
  if (unfinished !== null) return { run: toRun(unfinished), joined: true };
  if (kind === 'backfill') await checkRoom(prisma, tenantId, wanted.limit);
  const ordinal = await nextOrdinal(prisma, tenantId, night, kind);
  const data = { ...request, tenantId, runId: randomUUID(), night, kind, ordinal };
  return { run: toRun(await prisma.run.create({ data })), joined: false };
}

/**
 * Part of a transaction.
 * @throws ConflictError `runUnfinished`
 */
export async function startPromotion(
  prisma: TenantPrisma,
  tenantId: TenantId,
  request: NewPromotion,
): Promise<{ run: Run; joined: boolean }> {
  await inTurn(prisma, tenantId);
  const kind = 'manual' as const;
  const unfinished = await prisma.run.findFirst({
    where: { tenantId, active: true, kind: { not: 'backfill' } },
  });
  if (unfinished?.promotesVersion === request.promotesVersion)
    return { run: toRun(unfinished), joined: true };
  if (unfinished !== null)
    throw new ConflictError('runUnfinished', 'Another run has not ended yet: ask again when it has.');
  const night = new Date(`${request.night}T00:00:00Z`);
  const ordinal = await nextOrdinal(prisma, tenantId, night, kind);
  const data = { ...request, tenantId, runId: randomUUID(), night, kind, ordinal };
  return { run: toRun(await prisma.run.create({ data })), joined: false };
}

/** Part of a transaction. */
export async function startTriggered(
  prisma: TenantPrisma,
  tenantId: TenantId,
  { noneSince, ...request }: NewTriggeredRun,
): Promise<Run | undefined> {
  await inTurn(prisma, tenantId);
  const { state } = await prisma.tenant.findUniqueOrThrow({ where: { id: tenantId } });
  if (state !== 'on') return undefined;
  const kind = 'triggered' as const;
  const unfinished = { active: true, kind: { not: 'backfill' as const } };
  const where = { tenantId, OR: [unfinished, { kind, createdAt: { gt: noneSince } }] };
  if ((await prisma.run.findFirst({ where })) !== null) return undefined;
  const night = new Date(`${request.night}T00:00:00Z`);
  const ordinal = await nextOrdinal(prisma, tenantId, night, kind);
  const data = { ...request, tenantId, runId: randomUUID(), night, kind, ordinal };
  return toRun(await prisma.run.create({ data }));
}

/** One request at a time per tenant: the second sees the first. */
async function inTurn(prisma: TenantPrisma, tenantId: TenantId): Promise<void> {
  await prisma.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('request-run'), ${tenantId}::integer)`;
}

async function nextOrdinal(
  prisma: TenantPrisma,
  tenantId: TenantId,
  night: Date,
  kind: RunKind,
): Promise<number> {
  const { _max } = await prisma.run.aggregate({ where: { tenantId, night, kind }, _max: { ordinal: true } });
  return (_max.ordinal ?? -1) + 1;
}

async function checkRoom(prisma: TenantPrisma, tenantId: TenantId, limit: number): Promise<void> {
  const waiting = await prisma.run.count({ where: { tenantId, active: true, kind: 'backfill' } });
  if (waiting < limit) return;
  const message = `${waiting} runs for past nights are not finished yet, and there may be ${limit}; they stay as they are. Ask again when one has ended.`;
  throw new NightshiftError('busy', 'tooManyRuns', message);
}
