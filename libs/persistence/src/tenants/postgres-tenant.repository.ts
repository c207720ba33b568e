import { TenantRepository, type Tenant, type TenantId } from '#libs/domain';
import type { Statement } from '../database/one-statement.js';
import type { TenantDatabase } from '../database/tenant-database.js';
import { TENANT_COLUMNS, toTenant, type TenantRow } from './tenant-row.js';

const FIND_BY_ID: Statement = {
  name: 'tenant.find-by-id',
  text: `SELECT ${TENANT_COLUMNS} FROM tenant WHERE id = $1`,
};

/** One tenant at a time: row-level security shows the one whose name the caller brought. */
export class PostgresTenantRepository extends TenantRepository {
  constructor(private readonly database: TenantDatabase) {
    super();
  }

  override findBySlug(slug: string): Promise<Tenant | undefined> {
    return this.database.runNamed({ slug }, async (client) => {
      const sql = `SELECT ${TENANT_COLUMNS} FROM tenant WHERE slug = $1`;
      const { rows } = await client.query<TenantRow>(sql, [slug]);
      return rows.length === 0 ? undefined : toTenant(rows[0]);
    });
  }

  override async findById(tenantId: TenantId): Promise<Tenant | undefined> {
    const [row] = await this.database.runOne<TenantRow>(tenantId, FIND_BY_ID, [tenantId]);
    return row && toTenant(row);
  }
}
