import type pg from 'pg';
import {
  DIMENSIONS,
  TriggerRepository,
  type BinCounts,
  type DataProfile,
  type Dimension,
  type ProfiledKind,
  type TenantId,
  type TriggerBasis,
} from '#libs/domain';
import type { TenantDatabase } from '../database/tenant-database.js';

interface BasisRow {
  readonly data_at: Date;
  readonly interactions: number;
  readonly profile: DataProfile | null;
  readonly unfinished: boolean;
  readonly triggered_at: Date | null;
  readonly degradation_at: Date | null;
}

// As `lastJudged` of the registry.
const BASIS = `
  SELECT s.started_at AS data_at, (s.output->>'interactions')::integer AS interactions, v.output->'profile' AS profile,
         EXISTS (SELECT FROM run WHERE tenant_id = $1 AND active AND kind <> 'backfill') AS unfinished,
         (SELECT max(created_at) FROM run WHERE tenant_id = $1 AND kind = 'triggered') AS triggered_at,
         (SELECT max(created_at) FROM run WHERE tenant_id = $1 AND trigger = 'degradation') AS degradation_at
  FROM run r
  JOIN run_stage s ON s.tenant_id = r.tenant_id AND s.run_id = r.run_id AND s.stage = 'snapshot'
  JOIN run_stage v ON v.tenant_id = r.tenant_id AND v.run_id = r.run_id AND v.stage = 'validate'
  WHERE r.tenant_id = $1 AND r.status = 'succeeded' AND r.outcome IN ('promoted', 'kept', 'unchanged')
  ORDER BY r.started_at DESC LIMIT 1`;

/** Rows of a file carry the moment at which its upload began, which may be hours ago: what counts is when it ended. */
const NEW_IMPORTS = `tenant_id = $1 AND entity = 'interactions' AND status = 'succeeded' AND accepted > 0 AND finished_at > $2`;

const NEW_INTERACTIONS = `
  SELECT ((SELECT COALESCE(sum(accepted), 0) FROM import WHERE ${NEW_IMPORTS})
        + (SELECT count(*) FROM outcome WHERE tenant_id = $1 AND recorded_at > $2 AND kind <> 'skipped'))::float8 AS rows`;

/** $3 kind, $4 the outcome that is one of it, $5 since when it happened, $6 products, $7 groups, $8 edges of prices. */
const NEW_COUNTS = `
  WITH fresh AS MATERIALIZED (
    SELECT product_id, customer_id, unit_price FROM interaction
     WHERE tenant_id = $1 AND type = $3::interaction_type AND occurred_at >= $5 AND COALESCE(quantity, 0) >= 0
       AND import_id IN (SELECT import_id FROM import WHERE ${NEW_IMPORTS})
    UNION ALL
    SELECT product_id, customer_id, unit_price FROM outcome
     WHERE tenant_id = $1 AND recorded_at > $2 AND kind = $4::outcome_kind AND occurred_at >= $5)
  SELECT 'products' AS dimension, COALESCE(array_position($6::text[], product_id) - 1, cardinality($6::text[])) AS bin,
         count(*)::integer AS count FROM fresh GROUP BY 2
  UNION ALL
  SELECT 'customers', COALESCE(array_position($7::text[], COALESCE(segment, country, '')) - 1, cardinality($7::text[])),
         count(*)::integer FROM fresh LEFT JOIN customer ON customer.tenant_id = $1 AND customer.customer_id = fresh.customer_id
   WHERE fresh.customer_id IS NOT NULL GROUP BY 2
  UNION ALL
  SELECT 'prices', CASE WHEN cardinality($8::float8[]) = 0 THEN 0 ELSE width_bucket(unit_price::float8, $8::float8[]) END,
         count(*)::integer FROM fresh WHERE unit_price >= 0 GROUP BY 2`;

const OUTCOME_OF: Readonly<Partial<Record<ProfiledKind, string>>> = {
  click: 'clicked',
  cart: 'carted',
  purchase: 'bought',
};

export class PostgresTriggerRepository extends TriggerRepository {
  constructor(private readonly database: TenantDatabase) {
    super();
  }

  override async basis(tenantId: TenantId): Promise<TriggerBasis | undefined> {
    const [row] = await this.rows<BasisRow>(tenantId, BASIS, [tenantId]);
    if (row === undefined) return undefined;
    return {
      dataAt: row.data_at,
      interactions: row.interactions,
      profile: row.profile ?? undefined,
      unfinished: row.unfinished,
      lastTriggeredAt: row.triggered_at ?? undefined,
      lastDegradationAt: row.degradation_at ?? undefined,
    };
  }

  override async newInteractions(tenantId: TenantId, since: Date): Promise<number> {
    return (await this.rows<{ rows: number }>(tenantId, NEW_INTERACTIONS, [tenantId, since]))[0].rows;
  }

  override async newCounts(tenantId: TenantId, since: Date, profile: DataProfile): Promise<BinCounts> {
    const { kind, from, products, customers, prices } = profile;
    const outcome = OUTCOME_OF[kind] ?? null;
    const bins = [products.names, customers.names, prices.edges];
    const values = [tenantId, since, kind, outcome, from, ...bins];
    const counts = Object.fromEntries(
      DIMENSIONS.map((dimension) => [dimension, profile[dimension].counts.map(() => 0)]),
    ) as Record<Dimension, number[]>;
    type CountRow = { dimension: Dimension; bin: number; count: number };
    for (const { dimension, bin, count } of await this.rows<CountRow>(tenantId, NEW_COUNTS, values))
      counts[dimension][bin] += count;
    return counts;
  }

  private async rows<R extends pg.QueryResultRow>(
    tenantId: TenantId,
    sql: string,
    values: unknown[],
  ): Promise<R[]> {
    return (await this.database.runBulk(tenantId, (client) => client.query<R>(sql, values))).rows;
  }
}
