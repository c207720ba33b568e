import type pg from 'pg';
import { BulkActionRepository, type BulkResult, type StoredBulkAction } from '#libs/domain';
import { inTransaction } from '../database/postgres-pool.js';

export class PostgresBulkActionRepository extends BulkActionRepository {
  constructor(private readonly pool: pg.Pool) {
    super();
  }

  override async prepare(action: StoredBulkAction): Promise<void> {
    const { tokenSha256, filter, tenants, tenantsSha256, actor, expiresAt } = action;
    await inTransaction(this.pool, 'BEGIN', (client) =>
      client.query(
        `INSERT INTO bulk_action (token_sha256, action, filter, tenants, tenants_sha256, actor, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)`,
        [tokenSha256, action.action, JSON.stringify(filter), tenants, tenantsSha256, actor, expiresAt],
      ),
    );
  }

  override async find(tokenSha256: string, now: Date): Promise<StoredBulkAction | undefined> {
    const { rows } = await inTransaction(this.pool, 'BEGIN READ ONLY', (client) =>
      client.query<StoredBulkAction>(
        `SELECT token_sha256 AS "tokenSha256", action, filter, tenants, tenants_sha256 AS "tenantsSha256", actor,
                expires_at AS "expiresAt"
         FROM bulk_action WHERE token_sha256 = $1 AND executed_at IS NULL AND expires_at > $2`,
        [tokenSha256, now],
      ),
    );
    return rows.at(0);
  }

  override async begin(tokenSha256: string, reason: string, now: Date): Promise<boolean> {
    const { rowCount } = await inTransaction(this.pool, 'BEGIN', (client) =>
      client.query(
        `UPDATE bulk_action SET executed_at = $3, reason = $2 WHERE token_sha256 = $1 AND executed_at IS NULL`,
        [tokenSha256, reason, now],
      ),
    );
    return rowCount === 1;
  }

  override async finish(tokenSha256: string, result: BulkResult): Promise<void> {
    await inTransaction(this.pool, 'BEGIN', (client) =>
      client.query('UPDATE bulk_action SET finished_at = now(), result = $2 WHERE token_sha256 = $1', [
        tokenSha256,
        JSON.stringify(result),
      ]),
    );
  }
}
