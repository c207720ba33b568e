import { TenantSizeReadModel, type TenantId, type TenantSize } from '#libs/domain';
import type { Statement } from '../database/one-statement.js';
import type { TenantDatabase } from '../database/tenant-database.js';

const SIZE: Statement = {
  name: 'tenant.size',
  text: `SELECT (SELECT count(*) FROM interaction WHERE tenant_id = $1)::double precision AS interactions,
                (SELECT count(*) FROM customer WHERE tenant_id = $1)::double precision AS customers,
                (SELECT count(*) FROM product WHERE tenant_id = $1)::double precision AS products`,
};

export class PostgresTenantSizeReadModel extends TenantSizeReadModel {
  constructor(private readonly database: TenantDatabase) {
    super();
  }

  override async sizeOf(tenantId: TenantId): Promise<TenantSize> {
    const [size] = await this.database.runOne<TenantSize>(tenantId, SIZE, [tenantId]);
    return size;
  }
}
