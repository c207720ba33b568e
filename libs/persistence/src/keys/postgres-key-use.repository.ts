import type pg from 'pg';
import { KeyUseRepository, type KeyUse, type TenantId } from '#libs/domain';
import { inTransaction } from '../database/postgres-pool.js';
import type { TenantDatabase } from '../database/tenant-database.js';

// Another process may have noted a later use.
const NOTE = `
  UPDATE api_key k SET last_used_at = u.at
    FROM unnest($1::int[], $2::text[], $3::timestamptz[]) AS u (tenant_id, key_id, at)
   WHERE k.tenant_id = u.tenant_id AND k.key_id = u.key_id AND (k.last_used_at IS NULL OR k.last_used_at < u.at)`;

function columns(uses: readonly KeyUse[]): unknown[] {
  return [uses.map(({ tenantId }) => tenantId), uses.map(({ keyId }) => keyId), uses.map(({ at }) => at)];
}

/** With the serving login, which may note the uses of every tenant's keys, and change nothing else of them. */
export class ServingKeyUseRepository extends KeyUseRepository {
  constructor(private readonly pool: pg.Pool) {
    super();
  }

  override async note(uses: readonly KeyUse[]): Promise<void> {
    await inTransaction(this.pool, 'BEGIN', (client) => client.query(NOTE, columns(uses)));
  }
}

/** With the application's login: one tenant at a time. */
export class TenantKeyUseRepository extends KeyUseRepository {
  constructor(private readonly database: TenantDatabase) {
    super();
  }

  override async note(uses: readonly KeyUse[]): Promise<void> {
    const byTenant = new Map<TenantId, KeyUse[]>();
    for (const use of uses) byTenant.set(use.tenantId, [...(byTenant.get(use.tenantId) ?? []), use]);
    for (const [tenantId, own] of byTenant)
      await this.database.runBulk(tenantId, (client) => client.query(NOTE, columns(own)));
  }
}
