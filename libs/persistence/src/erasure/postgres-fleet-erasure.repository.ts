import type pg from 'pg';
import { FleetErasureRepository, type Erasure, type ReceiptEntry, type TenantId } from '#libs/domain';
import { inTransaction } from '../database/postgres-pool.js';

const CLAIMABLE = `
  SELECT tenant_id, erasure_id, attempt FROM erasure
   WHERE status = 'queued' AND not_before <= now() OR status = 'running' AND lease_until < now() LIMIT 100`;

/** Through the platform's login: which erasures wait, and the receipts of tenants that are gone. */
export class PostgresFleetErasureRepository extends FleetErasureRepository {
  constructor(private readonly pool: pg.Pool) {
    super();
  }

  override claimable() {
    return inTransaction(this.pool, 'BEGIN READ ONLY', async (client) => {
      const { rows } = await client.query<{ tenant_id: TenantId; erasure_id: string; attempt: number }>(
        CLAIMABLE,
      );
      return rows.map((row) => ({
        tenantId: row.tenant_id,
        erasureId: row.erasure_id,
        attempt: row.attempt,
      }));
    });
  }

  override tenantErasure(erasureId: string): Promise<Erasure | undefined> {
    return inTransaction(this.pool, 'BEGIN READ ONLY', async (client) => {
      const { rows } = await client.query<{
        requested_by: string;
        requested_at: Date;
        receipt: ReceiptEntry[];
        finished_at: Date;
      }>(
        'SELECT requested_by, requested_at, receipt, finished_at FROM tenant_erasure WHERE erasure_id::text = $1',
        [erasureId],
      );
      if (rows.length === 0) return undefined;
      const { requested_by, requested_at, receipt, finished_at } = rows[0];
      return {
        ...{ erasureId, subject: 'tenant' as const, status: 'succeeded' as const, receipt },
        requestedBy: requested_by,
        requestedAt: requested_at,
        waitingFor: undefined,
        finishedAt: finished_at,
        acknowledgements: [],
      };
    });
  }
}
