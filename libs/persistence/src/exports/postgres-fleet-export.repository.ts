import type pg from 'pg';
import { FleetExportRepository, type TenantId } from '#libs/domain';
import { inTransaction } from '../database/postgres-pool.js';

const CLAIMABLE = `
  SELECT tenant_id, export_id, attempt FROM list_export
   WHERE status = 'queued' OR status = 'running' AND lease_until < now() ORDER BY requested_at LIMIT 100`;
const EXPIRED = `
  SELECT tenant_id, export_id, attempt FROM list_export WHERE status = 'succeeded' AND expires_at < now() LIMIT 100`;

interface Row {
  tenant_id: TenantId;
  export_id: string;
  attempt: number;
}

/** Through the platform's login: which exports wait, and which files are due. */
export class PostgresFleetExportRepository extends FleetExportRepository {
  constructor(private readonly pool: pg.Pool) {
    super();
  }

  override claimable() {
    return this.select(CLAIMABLE);
  }

  override expired() {
    return this.select(EXPIRED);
  }

  private select(sql: string) {
    return inTransaction(this.pool, 'BEGIN READ ONLY', async (client) => {
      const { rows } = await client.query<Row>(sql);
      return rows.map((row) => ({ tenantId: row.tenant_id, exportId: row.export_id, attempt: row.attempt }));
    });
  }
}
