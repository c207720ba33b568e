import type pg from 'pg';
import type { CohortEvidence, Quality, Rollout } from '#libs/domain';

/** Nights before the start that still tell how a tenant fared. */
const LOOK_BACK = `interval '7 days'`;

interface QualityRow {
  readonly tenant_id: number;
  readonly period: 'before' | 'former' | 'present';
  readonly ndcg10: number;
  readonly rmse: number;
}

/** Part of a transaction that sees one moment. */
export async function readEvidence(client: pg.ClientBase, rollout: Rollout): Promise<CohortEvidence> {
  const { templateVersion, formerVersion, startedAt } = rollout;
  const versions = [startedAt, templateVersion, formerVersion];
  const { rows: members } = await client.query<CohortEvidence['members'][number]>(
    'SELECT id AS "tenantId", created_at AS "createdAt", state::text AS state FROM tenant ORDER BY id',
  );
  // Of the former version the week before counts as well: the first to try the new one have nobody else to be compared with yet.
  const { rows: runs } = await client.query<CohortEvidence['runs'][number]>(
    `SELECT tenant_id AS "tenantId", template_version AS "templateVersion", count(*)::integer AS ended,
            (array_agg(status ORDER BY finished_at DESC))[1] = 'failed' AS failed
     FROM run
     WHERE active IS NULL AND (template_version = $2 AND finished_at >= $1
                               OR template_version = $3 AND finished_at >= $1 - ${LOOK_BACK})
     GROUP BY 1, 2 ORDER BY 1, 2`,
    versions,
  );
  const { rows: quality } = await client.query<QualityRow>(
    `SELECT DISTINCT ON (tenant_id, period) tenant_id, period, ndcg10, rmse
     FROM (SELECT tenant_id, finished_at, ndcg10, rmse, CASE WHEN finished_at < $1 THEN 'before'
                  WHEN template_version = $2 THEN 'present' ELSE 'former' END AS period
           FROM run
           WHERE finished_at >= $1 - ${LOOK_BACK} AND ndcg10 IS NOT NULL AND rmse IS NOT NULL
             AND template_version IN ($2, $3)) AS measured
     ORDER BY tenant_id, period, finished_at DESC`,
    versions,
  );
  // An operator's name says so, and so does an erasure's.
  const { rows: changes } = await client.query<CohortEvidence['changes'][number]>(
    `SELECT tenant_id AS "tenantId", from_state::text AS "from", to_state::text AS "to", changed_at AS at,
            actor NOT LIKE '%, operator%' AS "byTenant"
     FROM lifecycle_change WHERE changed_at >= $1 ORDER BY changed_at`,
    [startedAt],
  );
  return { members, runs, quality: collect(quality), changes };
}

function collect(rows: readonly QualityRow[]): CohortEvidence['quality'] {
  const tenants = new Map<number, { tenantId: number } & Partial<Record<QualityRow['period'], Quality>>>();
  for (const { tenant_id: tenantId, period, ndcg10, rmse } of rows) {
    const own = tenants.get(tenantId) ?? { tenantId };
    own[period] = { ndcg10, rmse };
    tenants.set(tenantId, own);
  }
  return [...tenants.values()];
}
