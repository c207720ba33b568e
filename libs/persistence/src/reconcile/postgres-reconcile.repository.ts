import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { ReconcileRepository, type KeptRecords, type ListReplacement, type TenantId } from '#libs/domain';
import type { TenantDatabase } from '../database/tenant-database.js';
import { BECOME_ERASER, TAKE_ERASURE_LOCK } from '../erasure/erasure-sql.js';
import { keptRecords } from '../registry/kept-records.js';

/** Nodes keep what they need for their own day and forget the rest while the tenant has a quota. */
const OLD_QUOTA_DAYS = `tenant_id = $1 AND day < (now() AT TIME ZONE 'UTC')::date - 3`;

/** Under the erasure's lock: whoever is erased from now on is erased from the new file as well. */
const ERASED_SINCE = `
  SELECT FROM erasure WHERE tenant_id = $1 AND (status <> 'succeeded' OR requested_at >= $2 OR finished_at >= $2) LIMIT 1`;

export class PostgresReconcileRepository extends ReconcileRepository {
  constructor(private readonly database: TenantDatabase) {
    super();
  }

  override async kept(tenantId: TenantId, keptVersions: number): Promise<KeptRecords> {
    const rows = await this.database.run(tenantId, (prisma) => keptRecords(prisma, tenantId, keptVersions));
    const oldQuotaDays = await this.database.runBulk(tenantId, async (client) => {
      const sql = `SELECT count(DISTINCT day)::integer AS days FROM tenant_requests WHERE ${OLD_QUOTA_DAYS}`;
      return (await client.query<{ days: number }>(sql, [tenantId])).rows[0].days;
    });
    return { ...rows, oldQuotaDays };
  }

  override now(tenantId: TenantId): Promise<Date> {
    return this.database.runBulk(tenantId, async (client) => {
      return (await client.query<{ now: Date }>('SELECT clock_timestamp() AS now')).rows[0].now;
    });
  }

  override replaceListFile(
    tenantId: TenantId,
    replacement: ListReplacement,
  ): Promise<'replaced' | 'erasedMeanwhile' | 'movedMeanwhile'> {
    return this.database.runBulk(tenantId, async (client) => {
      // The tenant's row first, as in publish and rollback: the pointer moves before this or after it.
      await client.query('SELECT FROM tenant WHERE id = $1 FOR UPDATE', [tenantId]);
      await client.query(TAKE_ERASURE_LOCK, [tenantId]);
      const erased = await client.query(ERASED_SINCE, [tenantId, replacement.dataReadAt]);
      if (erased.rowCount !== 0) return 'erasedMeanwhile';
      return (await replace(client, tenantId, replacement)) ? 'replaced' : 'movedMeanwhile';
    });
  }

  override forgetOldQuotaDays(tenantId: TenantId): Promise<void> {
    return this.database.runBulk(tenantId, async (client) => {
      await client.query(BECOME_ERASER);
      await client.query(`DELETE FROM tenant_requests WHERE ${OLD_QUOTA_DAYS}`, [tenantId]);
    });
  }
}

async function replace(
  client: pg.PoolClient,
  tenantId: TenantId,
  { publicationId, from, to, sha256, customerLists, fallbackLists }: ListReplacement,
): Promise<boolean> {
  await client.query(BECOME_ERASER);
  const published = await client.query(
    `UPDATE publication SET list_file = $4, list_sha256 = $5, customer_lists = $6, fallback_lists = $7
      WHERE tenant_id = $1 AND publication_id = $2 AND list_file = $3`,
    [tenantId, publicationId, from, to, sha256, customerLists, fallbackLists],
  );
  await client.query('RESET ROLE');
  if (published.rowCount !== 1) return false;
  // Neither revision nor moment: nobody has chosen another model, and a night that is under way may still publish.
  const pointed = await client.query(
    'UPDATE serving_pointer SET list_file = $4 WHERE tenant_id = $1 AND publication_id = $2 AND list_file = $3',
    [tenantId, publicationId, from, to],
  );
  if (pointed.rowCount === 1)
    await client.query(
      `INSERT INTO outbox (tenant_id, message_id, topic, payload) VALUES ($1, $2, 'pointer.moved', '{}')`,
      [tenantId, randomUUID()],
    );
  return true;
}
