import { TenantSizeReadModel, type TenantId, type TenantSize } from '#libs/domain';
import type { TenantDatabase } from '../database/tenant-database.js';

export class PostgresTenantSizeReadModel extends TenantSizeReadModel {
  constructor(private readonly database: TenantDatabase) {
    super();
  }

  override sizeOf(tenantId: TenantId): Promise<TenantSize> {
    return this.database.runBulk(tenantId, async (client) => {
      const { rows } = await client.query<TenantSize>(
        `SELECT (SELECT count(*) FROM interaction WHERE tenant_id = $1)::double precision AS interactions,
                (SELECT count(*) FROM customer WHERE tenant_id = $1)::double precision AS customers,
                (SELECT count(*) FROM product WHERE tenant_id = $1)::double precision AS products`,
        [tenantId],
      );
      return rows[0];
    });
  }
}
