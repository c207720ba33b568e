import type pg from 'pg';
import {
  ServedOfferingSource,
  type OfferingKind,
  type RerankingOverrides,
  type RetiredProduct,
  type Rule,
  type ServedOffering,
  type TenantId,
} from '#libs/domain';
import { inTransaction } from '../database/postgres-pool.js';
import { toRetired, UNAVAILABLE, type UnavailableRow } from './unavailable-rows.js';

// Sums, not maxima: a transaction that began earlier and commits later must not be overlooked.
const FINGERPRINT = `SELECT concat_ws(',', count(*), sum(revision), sum(hashint8extended(tenant_id, revision)::numeric))
  AS fingerprint FROM offering`;
const OFFERINGS = `
  SELECT o.tenant_id, o.revision, o.rules_version, o.reranking_version, c.kind, c.document
    FROM offering o LEFT JOIN offering_change c ON c.tenant_id = o.tenant_id
     AND c.version = CASE c.kind WHEN 'rules' THEN o.rules_version ELSE o.reranking_version END
   WHERE o.tenant_id = ANY($1)`;
const RETIRED = `SELECT tenant_id, product_id, hidden, available_from, retired_at
  FROM product WHERE tenant_id = ANY($1) AND ${UNAVAILABLE}`;

interface OfferingRow {
  tenant_id: number;
  revision: number;
  rules_version: number;
  reranking_version: number;
  kind: OfferingKind | null;
  document: unknown;
}

/** Needs the serving login: it sees every tenant's offering and retired products, and nothing else of theirs. */
export class PostgresServedOfferingSource extends ServedOfferingSource {
  constructor(private readonly pool: pg.Pool) {
    super();
  }

  override revisions(known?: string) {
    return inTransaction(this.pool, 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', async (client) => {
      const found = await client.query<{ fingerprint: string }>(FINGERPRINT);
      const { fingerprint } = found.rows[0];
      if (fingerprint === known) return undefined;
      const { rows } = await client.query<OfferingRow>('SELECT tenant_id, revision FROM offering');
      return { fingerprint, revisions: new Map(rows.map((row) => [row.tenant_id, row.revision])) };
    });
  }

  override load(tenantIds: readonly TenantId[]): Promise<ServedOffering[]> {
    return inTransaction(this.pool, 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', async (client) => {
      const offerings = new Map<TenantId, ServedOffering>();
      for (const row of (await client.query<OfferingRow>(OFFERINGS, [tenantIds])).rows) {
        const known = offerings.get(row.tenant_id) ?? emptyOffering(row);
        offerings.set(row.tenant_id, { ...known, ...documentOf(row) });
      }
      const retired = await client.query<UnavailableRow & { tenant_id: number }>(RETIRED, [tenantIds]);
      for (const row of retired.rows)
        (offerings.get(row.tenant_id)?.retired as RetiredProduct[] | undefined)?.push(toRetired(row));
      return [...offerings.values()];
    });
  }
}

function emptyOffering(row: OfferingRow): ServedOffering {
  return {
    tenantId: row.tenant_id,
    revision: row.revision,
    rules: [],
    rulesVersion: row.rules_version,
    reranking: {},
    rerankingVersion: row.reranking_version,
    retired: [],
  };
}

function documentOf({ kind, document }: OfferingRow): Partial<ServedOffering> {
  if (kind === null) return {};
  return kind === 'rules' ? { rules: document as Rule[] } : { reranking: document as RerankingOverrides };
}
