import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import {
  customerHash,
  type ApiKey,
  type ServedErasure,
  type ServedTenant,
  type ServingState,
  type TenantId,
} from '#libs/domain';

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
  private erasedByTenant: ReadonlyMap<TenantId, ErasedCustomers> = new Map();
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
    this.erasedByTenant = groupErasures(state.erasures ?? []);
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

  get erasures(): readonly ServedErasure[] {
    return this.state?.erasures ?? [];
  }

  /** Costs something only where a customer of the tenant was erased within the last days. */
  isErased(tenantId: TenantId, customerId: string | undefined): boolean {
    const erased = this.erasedByTenant.get(tenantId);
    if (erased === undefined || customerId === undefined) return false;
    return erased.hashes.has(customerHash(erased.key, customerId));
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

interface ErasedCustomers {
  readonly key: Buffer;
  readonly hashes: Set<string>;
}

function groupErasures(erasures: readonly ServedErasure[]): ReadonlyMap<TenantId, ErasedCustomers> {
  const byTenant = new Map<TenantId, ErasedCustomers>();
  for (const { tenantId, hash, key } of erasures) {
    const known = byTenant.get(tenantId);
    if (known === undefined)
      byTenant.set(tenantId, { key: Buffer.from(key, 'hex'), hashes: new Set([hash]) });
    else known.hashes.add(hash);
  }
  return byTenant;
}
