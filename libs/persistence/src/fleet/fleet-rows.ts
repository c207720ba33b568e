import type { FleetTenant, FleetTenantRun, LifecycleState, RunOutcome, RunStatus } from '#libs/domain';
import { isLateAt } from './late-sql.js';

/** Numbers are read many times as fast as dates; with 4,000 tenants one can tell. */
const msOf = (column: string) => `1000 * date_part('epoch', ${column})`;

/**
 * Every tenant with its last runs: columns of narrow rows, taken from the runs' unique key in its own order, so that nothing is
 * sorted. $1 now, $2 how many runs are looked at, $3 the slug of the only one.
 */
export const fleetTenants = (where: '' | 'WHERE t.slug = $3') => `
  SELECT t.id, t.slug, t.name, t.time_zone, t.state::text AS state, ${msOf('t.state_changed_at')} AS state_changed_ms, t.template_version,
         ${msOf('t.created_at')} AS created_ms, t.requests_per_day,
         COALESCE(q.requests, 0)::double precision AS requests_today, r.*, l.*
  FROM tenant t
  LEFT JOIN (SELECT tenant_id, sum(requests) AS requests FROM tenant_requests
             WHERE day = ($1::timestamptz AT TIME ZONE 'UTC')::date GROUP BY tenant_id) q ON q.tenant_id = t.id
  LEFT JOIN LATERAL (
    SELECT COALESCE((array_agg(late) FILTER (WHERE late IS NOT NULL))[1], false) AS late,
           (array_agg(interactions) FILTER (WHERE interactions IS NOT NULL))[1] AS interactions,
           (array_agg(ndcg10) FILTER (WHERE ndcg10 IS NOT NULL))::text AS trend,
           COALESCE(sum(cpu_seconds), 0) AS cpu_seconds, COALESCE(sum(bytes), 0)::double precision AS bytes
    FROM (SELECT interactions, ndcg10, cpu_seconds, bytes,
                 CASE WHEN deadline IS NULL THEN NULL ELSE ${isLateAt('$1')} END AS late
          FROM run WHERE tenant_id = t.id AND kind <> 'backfill' ORDER BY night DESC, kind DESC, ordinal DESC LIMIT $2) recent) r ON true
  LEFT JOIN LATERAL (
    SELECT night::text AS last_night, status::text AS last_status, outcome AS last_outcome, error_code AS last_error,
           ${msOf('finished_at')} AS last_finished_ms
    FROM run WHERE tenant_id = t.id AND kind <> 'backfill' ORDER BY night DESC, kind DESC, ordinal DESC LIMIT 1) l ON true
  ${where} ORDER BY t.slug`;

export interface FleetTenantRow {
  readonly id: number;
  readonly slug: string;
  readonly name: string;
  readonly time_zone: string;
  readonly state: LifecycleState;
  readonly state_changed_ms: number;
  readonly template_version: number;
  readonly created_ms: number;
  readonly requests_per_day: number | null;
  readonly requests_today: number;
  readonly last_night: string | null;
  readonly last_status: RunStatus | null;
  readonly last_outcome: RunOutcome | null;
  readonly last_error: string | null;
  readonly last_finished_ms: number | null;
  readonly late: boolean;
  readonly interactions: number | null;
  /** `{0.41,0.4}`, the newest first. */
  readonly trend: string | null;
  readonly cpu_seconds: number;
  readonly bytes: number;
}

export function toFleetTenant(row: FleetTenantRow, requestsPerDay: number): FleetTenant {
  const limit = row.requests_per_day ?? requestsPerDay;
  return {
    tenantId: row.id,
    slug: row.slug,
    name: row.name,
    state: row.state,
    stateChangedAt: new Date(row.state_changed_ms),
    templateVersion: row.template_version,
    createdAt: new Date(row.created_ms),
    interactions: row.interactions ?? undefined,
    lastRun: toLastRun(row),
    late: row.late,
    ndcgTrend: row.trend === null ? [] : row.trend.slice(1, -1).split(',').map(Number).reverse(),
    cpuSeconds: row.cpu_seconds,
    bytes: row.bytes,
    requestsToday: row.requests_today,
    requestsPerDay: limit === 0 ? undefined : limit,
  };
}

function toLastRun(row: FleetTenantRow): FleetTenantRun | undefined {
  if (row.last_night === null || row.last_status === null) return undefined;
  return {
    ...{ night: row.last_night, status: row.last_status },
    outcome: row.last_outcome ?? undefined,
    errorCode: row.last_error ?? undefined,
    finishedAt: row.last_finished_ms === null ? undefined : new Date(row.last_finished_ms),
  };
}
