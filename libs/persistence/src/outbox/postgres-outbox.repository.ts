import type pg from 'pg';
import { OutboxRepository, type OutboxMessage } from '#libs/domain';
import { inTransaction } from '../database/postgres-pool.js';

export class PostgresOutboxRepository extends OutboxRepository {
  constructor(private readonly pool: pg.Pool) {
    super();
  }

  override async relay(limit: number, deliver: (message: OutboxMessage) => Promise<void>): Promise<number> {
    return inTransaction(this.pool, 'BEGIN', async (client) => {
      const { rows } = await client.query<{
        tenant_id: number;
        message_id: string;
        topic: string;
        payload: object;
      }>(
        `SELECT tenant_id, message_id, topic, payload FROM outbox WHERE delivered_at IS NULL
         ORDER BY created_at LIMIT $1 FOR UPDATE SKIP LOCKED`,
        [limit],
      );
      for (const row of rows)
        await deliver({ tenantId: row.tenant_id, topic: row.topic, payload: row.payload });
      await client.query(
        `UPDATE outbox SET delivered_at = now() WHERE (tenant_id, message_id) IN (SELECT * FROM unnest($1::int[], $2::uuid[]))`,
        [rows.map((row) => row.tenant_id), rows.map((row) => row.message_id)],
      );
      return rows.length;
    });
  }
}
