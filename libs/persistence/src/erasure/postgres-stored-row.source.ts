import type pg from 'pg';
import { StoredRowSource, type StoredRow, type TenantId } from '#libs/domain';
import type { TenantDatabase } from '../database/tenant-database.js';
import { CUSTOMER_TABLES } from './erasure-sql.js';

const PAGE = 5_000;
/** Secrets are nobody's to take along. */
const SECRET_TABLES = ['api_key', 'erasure_key', 'erased_customer'];

export class PostgresStoredRowSource extends StoredRowSource {
  constructor(private readonly database: TenantDatabase) {
    super();
  }

  override ofCustomer(tenantId: TenantId, customerId: string): Promise<Record<string, StoredRow[]>> {
    return this.database.readSnapshot(tenantId, async (client) => {
      const found: Record<string, StoredRow[]> = {};
      for (const table of CUSTOMER_TABLES) {
        const { rows } = await client.query<{ row: StoredRow }>(
          `SELECT to_jsonb(t) - 'tenant_id' AS row FROM ${table} AS t WHERE tenant_id = $1 AND customer_id = $2`,
          [tenantId, customerId],
        );
        found[table] = rows.map(({ row }) => row);
      }
      return found;
    });
  }

  override ofTenant(
    tenantId: TenantId,
    take: (table: string, rows: readonly StoredRow[]) => Promise<void>,
  ): Promise<void> {
    return this.database.readSnapshot(tenantId, async (client) => {
      const { rows } = await client.query<{ name: string }>(
        `SELECT c.relname AS name FROM pg_class AS c
           JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped
          WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
            AND c.relname <> ALL ($1) ORDER BY 1`,
        [SECRET_TABLES],
      );
      for (const { name } of rows) await readTable(client, tenantId, name, take);
    });
  }
}

/** Through a cursor: a table may be larger than the memory of whoever reads it. */
async function readTable(
  client: pg.PoolClient,
  tenantId: TenantId,
  table: string,
  take: (table: string, rows: readonly StoredRow[]) => Promise<void>,
): Promise<void> {
  await client.query(
    `DECLARE stored_rows CURSOR FOR SELECT to_jsonb(t) - 'tenant_id' AS row FROM ${table} AS t WHERE tenant_id = $1`,
    [tenantId],
  );
  for (;;) {
    const { rows } = await client.query<{ row: StoredRow }>(`FETCH ${PAGE} FROM stored_rows`);
    if (rows.length > 0)
      await take(
        table,
        rows.map(({ row }) => row),
      );
    if (rows.length < PAGE) break;
  }
  await client.query('CLOSE stored_rows');
}
