import type pg from 'pg';
import { TenantRequestsRepository, type NodeRequests, type TenantId } from '#libs/domain';
import { inTransaction } from '../database/postgres-pool.js';

const KEPT_DAYS = 3;
// In one order, so that nodes do not wait for each other in circles.
const TELL = `
  INSERT INTO tenant_requests (tenant_id, day, node_id, requests)
  SELECT tenant_id, $2::date, $1::uuid, requests FROM unnest($3::int[], $4::bigint[]) AS own (tenant_id, requests)
   ORDER BY tenant_id
  ON CONFLICT (tenant_id, day, node_id) DO UPDATE SET requests = EXCLUDED.requests, recorded_at = now()`;
const FORGET = `DELETE FROM tenant_requests WHERE tenant_id = ANY($2) AND day < $1::date - ${KEPT_DAYS}`;
const LEARN = `SELECT tenant_id, sum(requests)::float8 AS requests FROM tenant_requests
  WHERE tenant_id = ANY($3) AND day = $2::date AND node_id <> $1::uuid GROUP BY tenant_id`;

/** With the serving login. */
export class PostgresTenantRequestsRepository extends TenantRequestsRepository {
  constructor(private readonly pool: pg.Pool) {
    super();
  }

  override exchange({ nodeId, day, requests }: NodeRequests): Promise<ReadonlyMap<TenantId, number>> {
    const tenantIds = [...requests.keys()];
    return inTransaction(this.pool, 'BEGIN', async (client) => {
      await client.query(TELL, [nodeId, day, tenantIds, [...requests.values()]]);
      await client.query(FORGET, [day, tenantIds]);
      const { rows } = await client.query<{ tenant_id: TenantId; requests: number }>(LEARN, [
        nodeId,
        day,
        tenantIds,
      ]);
      return new Map(rows.map((row) => [row.tenant_id, row.requests]));
    });
  }
}
