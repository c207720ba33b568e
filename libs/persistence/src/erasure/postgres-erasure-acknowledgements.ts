import type pg from 'pg';
import { ErasureAcknowledgements, type TenantId } from '#libs/domain';
import { inTransaction } from '../database/postgres-pool.js';

/** With the serving login, which may say that it has forgotten and read nothing. */
export class PostgresErasureAcknowledgements extends ErasureAcknowledgements {
  constructor(private readonly pool: pg.Pool) {
    super();
  }

  override async add(tenantId: TenantId, erasureId: string, nodeId: string): Promise<void> {
    await inTransaction(this.pool, 'BEGIN', async (client) => {
      await client.query("SELECT set_config('app.tenant_id', $1, true)", [String(tenantId)]);
      await client.query(
        `INSERT INTO erasure_acknowledgement (tenant_id, erasure_id, node_id) VALUES ($1, $2, $3)
         ON CONFLICT DO NOTHING`,
        [tenantId, erasureId, nodeId],
      );
    });
  }
}
