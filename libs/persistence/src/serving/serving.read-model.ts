import type pg from 'pg';
import {
  ServingStateSource,
  type ApiKey,
  type KeyScope,
  type LifecycleState,
  type ServedTenant,
  type ServingState,
} from '#libs/domain';
import { inTransaction } from '../database/postgres-pool.js';

interface TenantRow {
  id: number;
  slug: string;
  state: LifecycleState;
  state_changed_at: Date;
  model_version: number | null;
  publication_id: string;
  list_file: string;
  revision: number;
  moved_at: Date;
  requests_per_day: number | null;
}

interface KeyRow {
  tenant_id: number;
  key_id: string;
  name: string;
  secret_sha256: string;
  scopes: KeyScope[];
  expires_at: Date | null;
  revoked_at: Date | null;
}

interface ErasureRow {
  tenant_id: number;
  erasure_id: string;
  hash: string;
  key: string;
  done: boolean;
}

const TENANTS = `
  SELECT t.id, t.slug, t.state, t.state_changed_at, t.requests_per_day,
         p.model_version, p.publication_id, p.list_file, p.revision, p.moved_at
    FROM tenant t LEFT JOIN serving_pointer p ON p.tenant_id = t.id`;

const KEYS = 'SELECT tenant_id, key_id, name, secret_sha256, scopes, expires_at, revoked_at FROM api_key';

/** A node that was cut off goes on with old pointers, and old files stay for as long: hashes are told until then. */
const RECENT = `finished_at IS NULL OR finished_at > now() - interval '49 hours'`;
const ERASURES = `
  SELECT e.tenant_id, e.erasure_id, e.finished_at IS NOT NULL AS done, encode(e.customer_hash, 'hex') AS hash, encode(k.key, 'hex') AS key
    FROM erased_customer AS e JOIN erasure_key AS k USING (tenant_id) WHERE ${RECENT}`;

// Sums, not maxima: a transaction that began earlier and commits later carries an older time than one already seen.
const FINGERPRINT = `
  SELECT concat_ws('/',
    (SELECT concat_ws(',', count(*), sum(hashtextextended(slug, id)), sum(extract(epoch FROM state_changed_at)),
       sum(hashtextextended(state::text, id)::numeric),
       count(requests_per_day), sum(hashint8extended(requests_per_day, id)::numeric)) FROM tenant),
    (SELECT concat_ws(',', count(*), sum(revision), sum(hashtextextended(publication_id || list_file, tenant_id)::numeric))
       FROM serving_pointer),
    (SELECT concat_ws(',', count(*), count(revoked_at), sum(extract(epoch FROM expires_at)), sum(cardinality(scopes)),
       sum(hashtextextended(key_id || secret_sha256, 0)::numeric)) FROM api_key),
    (SELECT concat_ws(',', count(*), count(finished_at), sum(hashtextextended(erasure_id::text, tenant_id)::numeric))
       FROM erased_customer WHERE ${RECENT})) AS fingerprint`;

/** Needs the serving login: it sees every tenant's pointer and key hashes, and nothing else of theirs. */
export class ServingReadModel extends ServingStateSource {
  constructor(private readonly pool: pg.Pool) {
    super();
  }

  /**
   * Tenants, pointers and keys in one snapshot; undefined when nothing has changed since `knownFingerprint`. Nodes ask every
   * second, and the fingerprint of 4,000 tenants is some milliseconds in Postgres and none here.
   */
  async load(knownFingerprint?: string): Promise<ServingState | undefined> {
    return inTransaction(this.pool, 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', async (client) => {
      const { rows } = await client.query<{ fingerprint: string }>(FINGERPRINT);
      const { fingerprint } = rows[0];
      if (fingerprint === knownFingerprint) return undefined;
      const tenants = await client.query<TenantRow>(TENANTS);
      const keys = await client.query<KeyRow>(KEYS);
      const erasures = await client.query<ErasureRow>(ERASURES);
      return {
        ...{ tenants: tenants.rows.map(toTenant), keys: keys.rows.map(toKey), fingerprint },
        erasures: erasures.rows.map((row) => ({
          ...{
            tenantId: row.tenant_id,
            erasureId: row.erasure_id,
            hash: row.hash,
            key: row.key,
            done: row.done,
          },
        })),
      };
    });
  }

  override async hasKey(keyId: string): Promise<boolean> {
    const { rowCount } = await inTransaction(this.pool, 'BEGIN READ ONLY', (client) =>
      client.query('SELECT FROM api_key WHERE key_id = $1', [keyId]),
    );
    return (rowCount ?? 0) > 0;
  }
}

function toTenant(row: TenantRow): ServedTenant {
  const pointer =
    row.model_version === null
      ? undefined
      : {
          modelVersion: row.model_version,
          publicationId: row.publication_id,
          listFile: row.list_file,
          revision: row.revision,
          movedAt: row.moved_at,
        };
  return {
    tenantId: row.id,
    slug: row.slug,
    state: row.state,
    stateChangedAt: row.state_changed_at,
    pointer,
    ...(row.requests_per_day === null ? {} : { requestsPerDay: row.requests_per_day }),
  };
}

function toKey(row: KeyRow): ApiKey {
  return {
    tenantId: row.tenant_id,
    keyId: row.key_id,
    name: row.name,
    secretSha256: row.secret_sha256,
    scopes: row.scopes,
    expiresAt: row.expires_at ?? undefined,
    revokedAt: row.revoked_at ?? undefined,
  };
}
