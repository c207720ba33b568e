import { Injectable } from '@nestjs/common';
import { ApiKeyService, TenantRepository, type ApiKey, type TenantId } from '#libs/domain';
import { TenantAccess, type AccessedTenant } from '#libs/http';

/** Keys and tenants as the database has them at this moment: a revoked key is refused at once. */
@Injectable()
export class StoredTenantAccess extends TenantAccess {
  constructor(
    private readonly keys: ApiKeyService,
    private readonly tenants: TenantRepository,
  ) {
    super();
  }

  override authenticate(token: string): Promise<ApiKey | undefined> {
    return this.keys.authenticate(token);
  }

  override async findById(tenantId: TenantId): Promise<AccessedTenant | undefined> {
    const tenant = await this.tenants.findById(tenantId);
    return tenant && { tenantId, slug: tenant.slug, tenant };
  }
}
