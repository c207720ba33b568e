import { randomUUID } from 'node:crypto';
import {
  LeaseLostError,
  ListExportRepository,
  LONGEST_CONTACT_DAYS,
  type ExportClaim,
  type ExportCounts,
  type ExportCustomer,
  type ExportEvent,
  type ExportEventKind,
  type ExportOptions,
  type FinishedExport,
  type ListExport,
  type TenantId,
} from '#libs/domain';
import type { TenantDatabase } from '../database/tenant-database.js';
import type { Prisma } from '../generated/client.js';
import {
  CLAIM,
  COUNT_CUSTOMERS,
  CUSTOMERS,
  EXPIRE,
  FAIL,
  FORGET_CONTACTS,
  LOCK_TENANT,
  RECORD_CONTACTS,
  REPORT,
  SUCCEED,
} from './export-sql.js';
import { toListExport } from './export-rows.js';

const NEWEST = { requestedAt: 'desc' as const };

export class PostgresListExportRepository extends ListExportRepository {
  constructor(private readonly database: TenantDatabase) {
    super();
  }

  override create(
    tenantId: TenantId,
    { exportId, options, requestedBy }: { exportId: string; options: ExportOptions; requestedBy: string },
  ): Promise<ListExport> {
    const data = { tenantId, exportId, options: { ...options } as Prisma.InputJsonObject, requestedBy };
    return this.database.run(tenantId, async (prisma) => {
      const row = await prisma.listExport.create({ data });
      const event = {
        tenantId,
        exportId,
        eventId: randomUUID(),
        kind: 'requested' as const,
        actor: requestedBy,
      };
      await prisma.exportEvent.create({ data: event });
      return toListExport(row);
    });
  }

  override async find(tenantId: TenantId, exportId: string): Promise<ListExport | undefined> {
    const where = { tenantId_exportId: { tenantId, exportId } };
    const row = await this.database.run(tenantId, (prisma) => prisma.listExport.findUnique({ where }));
    return row === null ? undefined : toListExport(row);
  }

  override async list(tenantId: TenantId, limit: number): Promise<readonly ListExport[]> {
    const query = { where: { tenantId }, orderBy: NEWEST, take: limit };
    const rows = await this.database.run(tenantId, (prisma) => prisma.listExport.findMany(query));
    return rows.map(toListExport);
  }

  override countUnfinished(tenantId: TenantId): Promise<number> {
    const where = { tenantId, status: { in: ['queued' as const, 'running' as const] } };
    return this.database.run(tenantId, (prisma) => prisma.listExport.count({ where }));
  }

  override async record(
    tenantId: TenantId,
    exportId: string,
    kind: ExportEventKind,
    actor: string,
  ): Promise<void> {
    const data = { tenantId, exportId, eventId: randomUUID(), kind, actor };
    await this.database.run(tenantId, (prisma) => prisma.exportEvent.create({ data }));
  }

  override events(tenantId: TenantId, exportId: string): Promise<readonly ExportEvent[]> {
    const query = {
      where: { tenantId, exportId },
      orderBy: { at: 'asc' as const },
      select: { kind: true, actor: true, at: true },
    };
    return this.database.run(tenantId, (prisma) => prisma.exportEvent.findMany(query));
  }

  override claim(tenantId: TenantId, exportId: string, leaseMs: number): Promise<ExportClaim | undefined> {
    return this.database.runBulk(tenantId, async (client) => {
      // Two exports at once would not see each other's contacts.
      await client.query(LOCK_TENANT, [tenantId]);
      const { rows } = await client.query<{ attempt: number; options: ExportOptions }>(CLAIM, [
        tenantId,
        exportId,
        leaseMs,
      ]);
      if (rows.length === 0) return undefined;
      await client.query(FORGET_CONTACTS, [tenantId, exportId, LONGEST_CONTACT_DAYS]);
      return { tenantId, exportId, ...rows[0] };
    });
  }

  override countCustomers(tenantId: TenantId, { segments }: ExportOptions): Promise<number> {
    return this.database.runBulk(tenantId, async (client) => {
      const { rows } = await client.query<{ n: number }>(COUNT_CUSTOMERS, [tenantId, segments ?? null]);
      return rows[0].n;
    });
  }

  override customers(
    tenantId: TenantId,
    { segments, notAgainWithinDays }: ExportOptions,
    after: string | undefined,
    limit: number,
  ): Promise<readonly ExportCustomer[]> {
    return this.database.runBulk(tenantId, async (client) => {
      const values = [tenantId, segments ?? null, after ?? null, limit, notAgainWithinDays];
      const { rows } = await client.query<{
        customer_id: string;
        segment: string | null;
        country: string | null;
        was_contacted: boolean;
      }>(CUSTOMERS, values);
      return rows.map((row) => ({
        customerId: row.customer_id,
        segment: row.segment ?? undefined,
        country: row.country ?? undefined,
        wasContacted: row.was_contacted,
      }));
    });
  }

  override report(
    claim: ExportClaim,
    leaseMs: number,
    progress: number,
    { customers, recommended, rows }: ExportCounts,
    contacted: readonly string[],
  ): Promise<void> {
    const { tenantId, exportId, attempt } = claim;
    return this.database.runBulk(tenantId, async (client) => {
      const values = [tenantId, exportId, attempt, leaseMs, progress, customers, recommended, rows];
      if ((await client.query(REPORT, values)).rowCount !== 1) throw new LeaseLostError(exportId);
      await client.query(RECORD_CONTACTS, [tenantId, exportId, contacted]);
    });
  }

  override succeed(claim: ExportClaim, finished: FinishedExport): Promise<void> {
    const { customers, recommended, rows, modelVersion, bytes, sha256, keptDays } = finished;
    return this.change(claim, SUCCEED, [
      ...[customers, recommended, rows, modelVersion ?? null, bytes, sha256, keptDays],
    ]);
  }

  override fail(claim: ExportClaim, code: string, message: string, mayRetry: boolean): Promise<void> {
    return this.change(claim, FAIL, [code, message.slice(0, 2_000), mayRetry]);
  }

  override expire(tenantId: TenantId, exportId: string): Promise<void> {
    return this.database.runBulk(tenantId, async (client) => {
      await client.query(EXPIRE, [tenantId, exportId, randomUUID()]);
    });
  }

  private change(
    { tenantId, exportId, attempt }: ExportClaim,
    sql: string,
    values: unknown[],
  ): Promise<void> {
    return this.database.runBulk(tenantId, async (client) => {
      const { rowCount } = await client.query(sql, [tenantId, exportId, attempt, ...values]);
      if (rowCount !== 1) throw new LeaseLostError(exportId);
    });
  }
}
