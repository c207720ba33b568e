import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import type { ApiKey, ServedTenant, ServingState, TenantId } from '#libs/domain';

/**
 * This node's copy of tenants, pointers and keys. Replaced as a whole, so that a request sees one moment of the database and
 * never, say, a new pointer with an old lifecycle state.
 */
@Injectable()
export class PointerTable {
  private state: ServingState | undefined;
  private tenantsBySlug: ReadonlyMap<string, ServedTenant> = new Map();
  private tenantsById: ReadonlyMap<TenantId, ServedTenant> = new Map();
  private keysById: ReadonlyMap<string, ApiKey> = new Map();
  private checkedAt = 0;

  /** `checkedAt`: when the database last said that this is how things are. */
  replace(state: ServingState, checkedAt: number): void {
    this.state = state;
    const before = this.tenantsBySlug;
    // A tenant of whom nothing has changed stays the same object: what was derived from it holds.
    const same = (tenant: ServedTenant) => {
      const known = before.get(tenant.slug);
      return known !== undefined && isDeepStrictEqual(known, tenant) ? known : tenant;
    };
    this.tenantsBySlug = new Map(state.tenants.map((tenant) => [tenant.slug, same(tenant)]));
    this.tenantsById = new Map([...this.tenantsBySlug.values()].map((tenant) => [tenant.tenantId, tenant]));
    this.keysById = new Map(state.keys.map((key) => [key.keyId, key]));
    this.checkedAt = checkedAt;
  }

  /** The database says that nothing has changed. */
  confirm(checkedAt: number): void {
    this.checkedAt = checkedAt;
  }

  get loaded(): boolean {
    return this.state !== undefined;
  }

  /** Another one after each replacement, for what is derived from the table. */
  get version(): unknown {
    return this.state;
  }

  get fingerprint(): string | undefined {
    return this.state?.fingerprint;
  }

  get tenants(): readonly ServedTenant[] {
    return this.state?.tenants ?? [];
  }

  /** Undefined before anything was loaded. */
  ageSeconds(now: number): number | undefined {
    return this.loaded ? Math.max(0, now - this.checkedAt) / 1000 : undefined;
  }

  tenant(slug: string): ServedTenant | undefined {
    return this.tenantsBySlug.get(slug);
  }

  tenantOf(tenantId: TenantId): ServedTenant | undefined {
    return this.tenantsById.get(tenantId);
  }

  key(keyId: string): ApiKey | undefined {
    return this.keysById.get(keyId);
  }
}
