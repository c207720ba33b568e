import { Injectable } from '@nestjs/common';
import { keyAccepts, parseKeyToken, UnavailableError, type ApiKey, type TenantId } from '#libs/domain';
import { TenantAccess, type AccessedTenant } from '#libs/http';
import { PointerTable } from '../pointers/pointer-table.js';
import { NewKeysService } from './new-keys.service.js';

/** Checks keys against this node's own table; only a key that is not in it costs a question to the database. */
@Injectable()
export class ServedTenantAccess extends TenantAccess {
  constructor(
    private readonly table: PointerTable,
    private readonly newKeys: NewKeysService,
  ) {
    super();
  }

  /** @throws UnavailableError before the first table: nobody is wrong yet */
  override async authenticate(token: string): Promise<ApiKey | undefined> {
    if (!this.table.loaded) throw new UnavailableError('The table of keys', undefined);
    const parsed = parseKeyToken(token);
    if (parsed === undefined) return undefined;
    if (this.table.key(parsed.keyId) === undefined) await this.newKeys.lookFor(parsed.keyId);
    const key = this.table.key(parsed.keyId);
    return key !== undefined && keyAccepts(key, parsed.secret, new Date()) ? key : undefined;
  }

  override findById(tenantId: TenantId): AccessedTenant | undefined {
    const tenant = this.table.tenantOf(tenantId);
    return tenant && { tenantId, slug: tenant.slug, tenant };
  }
}
