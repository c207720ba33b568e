import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { addToReceipt, type ErasureClaim, type ReceiptEntry, type TenantId } from '#libs/domain';
import type { TenantDatabase } from '../database/tenant-database.js';
import { BECOME_ERASER } from './erasure-sql.js';
import { writeReceipt } from './write-receipt.js';

/** One transaction deletes no more than this: millions of rows at once would hold back every clean-up of the database. */
const BATCH_ROWS = 50_000;

/** Keys first: nobody gets in any more, whatever happens next. */
export async function switchTenantOff(
  client: pg.PoolClient,
  tenantId: TenantId,
  actor: string,
): Promise<void> {
  const { rows } = await client.query<{ state: string }>(
    'SELECT state::text FROM tenant WHERE id = $1 FOR UPDATE',
    [tenantId],
  );
  await client.query('UPDATE api_key SET revoked_at = now() WHERE tenant_id = $1 AND revoked_at IS NULL', [
    tenantId,
  ]);
  if (rows.length === 0 || rows[0].state === 'off') return;
  await client.query(`UPDATE tenant SET state = 'off', state_changed_at = now() WHERE id = $1`, [tenantId]);
  await client.query(
    `INSERT INTO lifecycle_change (tenant_id, change_id, from_state, to_state, reason, actor)
     VALUES ($1, $2, $3, 'off', 'The tenant is being erased.', $4)`,
    [tenantId, randomUUID(), rows[0].state, actor],
  );
  await client.query(
    `INSERT INTO outbox (tenant_id, message_id, topic, payload) VALUES ($1, $2, 'lifecycle.changed', '{}')`,
    [tenantId, randomUUID()],
  );
}

type Holding = <T>(
  work: (client: pg.PoolClient, receipt: readonly ReceiptEntry[]) => Promise<T>,
) => Promise<T>;

/**
 * Tables come from the catalogue, so that a new one cannot be forgotten; the erasure's own rows, the last that say what is under
 * way, go together with the tenant.
 */
export async function eraseTenant(
  database: TenantDatabase,
  claim: ErasureClaim,
  holding: Holding,
): Promise<void> {
  const { tenantId } = claim;
  const tables = await database.runBulk(tenantId, tenantTables);
  for (const table of tables.filter((name) => name !== 'erasure')) {
    for (let deleted = BATCH_ROWS; deleted === BATCH_ROWS;) {
      deleted = await holding(async (client, receipt) => {
        const count = await deleteBatch(client, table, tenantId);
        await writeReceipt(
          client,
          claim,
          addToReceipt(receipt, [{ store: 'postgres', what: table, count }], new Date()),
        );
        return count;
      });
    }
  }
  await holding(async (client, receipt) => {
    await client.query(BECOME_ERASER);
    // What came while the first tables were being emptied. Most are empty by now.
    for (const table of tables) await client.query(`DELETE FROM ${table} WHERE tenant_id = $1`, [tenantId]);
    await client.query('DELETE FROM tenant WHERE id = $1', [tenantId]);
    await client.query(
      `INSERT INTO tenant_erasure (erasure_id, former_tenant, requested_by, requested_at, receipt)
       VALUES ($1, $2, $3, $4, $5)`,
      [claim.erasureId, tenantId, claim.requestedBy, claim.requestedAt, JSON.stringify(receipt)],
    );
  });
}

async function tenantTables(client: pg.PoolClient): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT quote_ident(c.relname) AS name FROM pg_class AS c
       JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
}

async function deleteBatch(client: pg.PoolClient, table: string, tenantId: TenantId): Promise<number> {
  await client.query(BECOME_ERASER);
  // By place in the table: partitions have a table each, so the place alone would not be unique.
  const { rowCount } = await client.query(
    `DELETE FROM ${table} WHERE (tableoid, ctid) IN (
       SELECT tableoid, ctid FROM ${table} WHERE tenant_id = $1 LIMIT ${BATCH_ROWS}) AND tenant_id = $1`,
    [tenantId],
  );
  await client.query('RESET ROLE');
  return rowCount ?? 0;
}
