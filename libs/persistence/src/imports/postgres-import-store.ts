import type pg from 'pg';
import type {
  FilledStaging,
  ImportEntity,
  ImportReport,
  ImportStore,
  MergeCounts,
  NewImport,
  StagingPlan,
  StagingSink,
  TenantId,
} from '#libs/domain';
import type { TenantDatabase } from '../database/tenant-database.js';
import type { Import } from '../generated/client.js';
import { takeImportSlot } from './import-slots.js';
import { mergeEntities } from './merge-entities.js';
import { mergeInteractions } from './merge-interactions.js';
import { removeErased } from './remove-erased.js';
import { StagingTables, stagingTable } from './staging-tables.js';

// Two-key advisory locks: this number says "merge of an import", the other is the tenant.
const MERGE_LOCK = 1_313_427_273;
/** A fresh row may belong to an import that has not yet begun its transaction. */
const GRACE_MS = 60_000;

/** Imports in Postgres: COPY into temporary tables, merge, and the record of it, in one transaction. */
export class PostgresImportStore implements ImportStore {
  constructor(private readonly database: TenantDatabase) {}

  async checkRoom(tenantId: TenantId): Promise<void> {
    // What is taken here is free again at once: the import takes its own places when it loads.
    await this.database.runBulk(tenantId, (client) => takeImportSlot(client, tenantId));
  }

  async begin(tenantId: TenantId, started: NewImport): Promise<void> {
    await this.database.run(tenantId, async (prisma) => {
      await prisma.import.create({
        data: {
          tenantId,
          ...started,
          mapping: started.mapping as object,
          source: started.source.slice(0, 500),
          status: 'running',
        },
      });
    });
  }

  async load(
    tenantId: TenantId,
    importId: string,
    plan: StagingPlan,
    fill: (sink: StagingSink) => Promise<FilledStaging>,
  ): Promise<MergeCounts> {
    return this.database.runBulk(tenantId, async (client) => {
      // Held while the import lives: whoever gets it knows that the import is over.
      await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [importId]);
      await takeImportSlot(client, tenantId);
      const staging = new StagingTables(client, plan);
      await staging.create();
      let filled: FilledStaging;
      try {
        filled = await fill(staging);
        await staging.finish();
      } catch (error) {
        await staging.abort(error);
        throw error;
      }
      return this.merge(client, tenantId, importId, plan, filled);
    });
  }

  async fail(tenantId: TenantId, importId: string, error: string): Promise<void> {
    await this.database.run(tenantId, async (prisma) => {
      const data = { status: 'failed' as const, error, finishedAt: new Date() };
      await prisma.import.updateMany({ where: { tenantId, importId, status: 'running' }, data });
    });
  }

  async find(tenantId: TenantId, importId: string): Promise<ImportReport | undefined> {
    const found = await this.database.run(tenantId, (prisma) =>
      prisma.import.findFirst({ where: { tenantId, importId } }),
    );
    return found === null ? undefined : toReport(await this.settle(found));
  }

  async list(tenantId: TenantId, limit: number): Promise<readonly ImportReport[]> {
    const found = await this.database.run(tenantId, (prisma) =>
      prisma.import.findMany({ where: { tenantId }, orderBy: { startedAt: 'desc' }, take: limit }),
    );
    const reports: ImportReport[] = [];
    // One after the other: hardly any needs a transaction of its own, and the pool is for others too.
    for (const row of found) reports.push(toReport(await this.settle(row)));
    return reports;
  }

  private async merge(
    client: pg.PoolClient,
    tenantId: TenantId,
    importId: string,
    plan: StagingPlan,
    filled: FilledStaging,
  ): Promise<MergeCounts> {
    // Uploads of one tenant may run side by side, merges may not: the second sees what the first has brought.
    await client.query('SELECT pg_advisory_xact_lock($1, $2)', [MERGE_LOCK, tenantId]);
    // Sorting and grouping in memory; compiling a statement that runs once is not worth it.
    await client.query("SET LOCAL work_mem = '64MB'; SET LOCAL jit = off");
    for (const { entity } of [plan, ...plan.stubs]) await client.query(`ANALYZE ${stagingTable(entity)}`);
    const erased = await removeErased(client, tenantId, plan);
    const staged = filled.read - filled.rejected - erased.length;
    const merged = { ...(await mergeRows(client, tenantId, importId, plan, staged)), erased };
    for (const stub of plan.stubs) await mergeEntities(client, tenantId, { ...stub, nullClears: false });
    await client.query(
      `UPDATE import SET status = 'succeeded', read = $3, accepted = $4, already_known = $5, rejected = $6, rejected_file = $7,
         finished_at = clock_timestamp() WHERE tenant_id = $1 AND import_id = $2`,
      [
        tenantId,
        importId,
        filled.read,
        merged.accepted,
        merged.alreadyKnown,
        filled.rejected + erased.length,
        filled.rejectedFile ?? null,
      ],
    );
    return merged;
  }

  /** An import whose process died keeps its row at "running"; its lock is free, and nothing of it was kept. */
  private async settle(found: Import): Promise<Import> {
    if (found.status !== 'running' || Date.now() - found.startedAt.getTime() < GRACE_MS) return found;
    const { tenantId, importId } = found;
    return this.database.run(tenantId, async (prisma) => {
      const [lock] = await prisma.$queryRaw<{ free: boolean }[]>`
        SELECT pg_try_advisory_xact_lock(hashtextextended(${importId}, 0)) AS free`;
      if (lock?.free === true) {
        const data = {
          status: 'failed' as const,
          error: 'interrupted: The import was interrupted; nothing of it was kept.',
          finishedAt: new Date(),
        };
        await prisma.import.updateMany({ where: { tenantId, importId, status: 'running' }, data });
      }
      return (await prisma.import.findFirst({ where: { tenantId, importId } })) ?? found;
    });
  }
}

async function mergeRows(
  client: pg.PoolClient,
  tenantId: TenantId,
  importId: string,
  plan: StagingPlan,
  staged: number,
): Promise<Omit<MergeCounts, 'erased'>> {
  const { entity, provided, nullClears } = plan;
  if (entity === 'interactions') return mergeInteractions(client, tenantId, importId, plan, staged);
  const accepted = await mergeEntities(client, tenantId, { entity, provided, nullClears });
  return { accepted, alreadyKnown: staged - accepted };
}

function toReport(row: Import): ImportReport {
  const { importId, format, source, status, requestedBy, read, accepted, alreadyKnown, rejected, startedAt } =
    row;
  return {
    importId,
    entity: row.entity as ImportEntity,
    format,
    source,
    status,
    requestedBy,
    read,
    accepted,
    alreadyKnown,
    rejected,
    rejectedFile: row.rejectedFile ?? undefined,
    error: row.error ?? undefined,
    startedAt,
    finishedAt: row.finishedAt ?? undefined,
  };
}
