import type pg from 'pg';
import { AttributionRepository, type AttributionSession, type TenantId } from '#libs/domain';
import type { TenantDatabase } from '../database/tenant-database.js';
import { PostgresAttributionSession } from './postgres-attribution-session.js';

export class PostgresAttributionRepository extends AttributionRepository {
  constructor(private readonly database: TenantDatabase) {
    super();
  }

  override inTurn<T>(tenantId: TenantId, work: (session: AttributionSession) => Promise<T>): Promise<T> {
    return this.database.runBulk(tenantId, async (client) => {
      const startedAt = await lock(client, tenantId);
      return work(new PostgresAttributionSession(client, tenantId, startedAt));
    });
  }
}

/** The moment is taken before the lock is there: what commits while this waits must not count as seen. */
async function lock(client: pg.PoolClient, tenantId: TenantId): Promise<Date> {
  await client.query('INSERT INTO attribution_state (tenant_id) VALUES ($1) ON CONFLICT DO NOTHING', [
    tenantId,
  ]);
  const { rows } = await client.query<{ started_at: Date }>(
    'SELECT now() AS started_at FROM attribution_state WHERE tenant_id = $1 FOR UPDATE',
    [tenantId],
  );
  await client.query("SET LOCAL work_mem = '64MB'; SET LOCAL jit = off");
  return rows[0].started_at;
}
