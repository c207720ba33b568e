import type pg from 'pg';
import { FleetTenantRepository, type NewTenant, type Tenant, type TenantSettings } from '#libs/domain';
import { inTransaction } from '../database/postgres-pool.js';
import { TEMPLATE_IN_USE } from '../rollouts/template-in-use.js';
import { TENANT_COLUMNS, toTenant, type TenantRow } from './tenant-row.js';

/** Every tenant, through the platform's login: names and states, never a tenant's data. */
export class PostgresFleetTenantRepository extends FleetTenantRepository {
  constructor(private readonly pool: pg.Pool) {
    super();
  }

  override create(tenant: NewTenant): Promise<Tenant | undefined> {
    return inTransaction(this.pool, 'BEGIN', async (client) => {
      const { rows } = await client.query<TenantRow>(
        `INSERT INTO tenant (slug, name, time_zone, currency, settings, template_version)
         VALUES ($1, $2, $3, $4, $5, ${TEMPLATE_IN_USE}) ON CONFLICT (slug) DO NOTHING RETURNING ${TENANT_COLUMNS}`,
        [tenant.slug, tenant.name, tenant.timeZone, tenant.currency, JSON.stringify(tenant.settings)],
      );
      return rows.length === 0 ? undefined : toTenant(rows[0]);
    });
  }

  override changeSettings(slug: string, settings: TenantSettings): Promise<Tenant | undefined> {
    return inTransaction(this.pool, 'BEGIN', async (client) => {
      const { rows } = await client.query<TenantRow>(
        `UPDATE tenant SET settings = $2 WHERE slug = $1 RETURNING ${TENANT_COLUMNS}`,
        [slug, JSON.stringify(settings)],
      );
      return rows.length === 0 ? undefined : toTenant(rows[0]);
    });
  }

  override changeQuota(slug: string, requestsPerDay: number | undefined): Promise<Tenant | undefined> {
    return inTransaction(this.pool, 'BEGIN', async (client) => {
      const { rows } = await client.query<TenantRow>(
        `UPDATE tenant SET requests_per_day = $2 WHERE slug = $1 RETURNING ${TENANT_COLUMNS}`,
        [slug, requestsPerDay ?? null],
      );
      return rows.length === 0 ? undefined : toTenant(rows[0]);
    });
  }

  override list(): Promise<Tenant[]> {
    return inTransaction(this.pool, 'BEGIN READ ONLY', async (client) => {
      const { rows } = await client.query<TenantRow>(`SELECT ${TENANT_COLUMNS} FROM tenant ORDER BY slug`);
      return rows.map(toTenant);
    });
  }
}
