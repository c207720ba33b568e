import type {
  FleetRun,
  FleetTenant,
  FleetTenantRun,
  LifecycleState,
  RunKind,
  RunOutcome,
  RunStatus,
} from '#libs/domain';

/** SQL: as `isLate` in the domain. */
const isLateAt = (now: string) =>
  `deadline IS NOT NULL AND CASE WHEN status = 'succeeded' THEN finished_at > deadline ELSE deadline < ${now} END`;

/**
 * Every tenant with its last runs: columns of narrow rows, taken from the runs' unique key in its own order, so that nothing is
 * sorted. $1 now, $2 how many runs are looked at.
 */
export const FLEET_TENANTS = `
  SELECT t.id, t.slug, t.name, t.state::text AS state, t.state_changed_at, t.template_version, t.created_at, t.requests_per_day,
         COALESCE(q.requests, 0)::double precision AS requests_today, r.*
  FROM tenant t
  LEFT JOIN (SELECT tenant_id, sum(requests) AS requests FROM tenant_requests
             WHERE day = ($1::timestamptz AT TIME ZONE 'UTC')::date GROUP BY tenant_id) q ON q.tenant_id = t.id
  LEFT JOIN LATERAL (
    SELECT (array_agg(night::text))[1] AS last_night, (array_agg(status))[1]::text AS last_status,
           (array_agg(outcome))[1] AS last_outcome, (array_agg(error_code))[1] AS last_error,
           (array_agg(finished_at))[1] AS last_finished_at,
           COALESCE((array_agg(late) FILTER (WHERE late IS NOT NULL))[1], false) AS late,
           (array_agg(interactions) FILTER (WHERE interactions IS NOT NULL))[1] AS interactions,
           COALESCE(array_agg(ndcg10) FILTER (WHERE ndcg10 IS NOT NULL), '{}') AS trend,
           COALESCE(sum(cpu_seconds), 0) AS cpu_seconds, COALESCE(sum(bytes), 0)::double precision AS bytes
    FROM (SELECT night, status, outcome, error_code, finished_at, interactions, ndcg10, cpu_seconds, bytes,
                 CASE WHEN deadline IS NULL THEN NULL ELSE ${isLateAt('$1')} END AS late
          FROM run WHERE tenant_id = t.id AND kind <> 'backfill' ORDER BY night DESC, kind DESC, ordinal DESC LIMIT $2) recent) r ON true
  ORDER BY t.slug`;

export interface FleetTenantRow {
  readonly id: number;
  readonly slug: string;
  readonly name: string;
  readonly state: LifecycleState;
  readonly state_changed_at: Date;
  readonly template_version: number;
  readonly created_at: Date;
  readonly requests_per_day: number | null;
  readonly requests_today: number;
  readonly last_night: string | null;
  readonly last_status: RunStatus | null;
  readonly last_outcome: RunOutcome | null;
  readonly last_error: string | null;
  readonly last_finished_at: Date | null;
  readonly late: boolean;
  readonly interactions: number | null;
  readonly trend: number[];
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
    stateChangedAt: row.state_changed_at,
    templateVersion: row.template_version,
    createdAt: row.created_at,
    interactions: row.interactions ?? undefined,
    lastRun: toLastRun(row),
    late: row.late,
    ndcgTrend: row.trend.reverse(),
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
    finishedAt: row.last_finished_at ?? undefined,
  };
}

/** $1 status, $2 whether late, $3 how many. */
export const FLEET_RUNS = `
  SELECT t.slug, t.name, r.run_id, r.night::text, r.kind::text, r.status::text, r.outcome, r.template_version, r.attempt,
         r.error_code, r.error_message, r.created_at, r.started_at, r.finished_at, r.cpu_seconds, r.bytes::double precision AS bytes,
         ${isLateAt('now()')} AS late
  FROM run r JOIN tenant t ON t.id = r.tenant_id
  WHERE ($1::run_status IS NULL OR r.status = $1) AND ($2::boolean IS NULL OR (${isLateAt('now()')}) = $2)
  ORDER BY r.created_at DESC, r.run_id LIMIT $3`;

export interface FleetRunRow {
  readonly slug: string;
  readonly name: string;
  readonly run_id: string;
  readonly night: string;
  readonly kind: RunKind;
  readonly status: RunStatus;
  readonly outcome: RunOutcome | null;
  readonly template_version: number;
  readonly attempt: number;
  readonly error_code: string | null;
  readonly error_message: string | null;
  readonly created_at: Date;
  readonly started_at: Date | null;
  readonly finished_at: Date | null;
  readonly cpu_seconds: number;
  readonly bytes: number;
  readonly late: boolean;
}

export function toFleetRun(row: FleetRunRow): FleetRun {
  return {
    tenant: row.slug,
    tenantName: row.name,
    runId: row.run_id,
    ...{ night: row.night, kind: row.kind, status: row.status, late: row.late, attempt: row.attempt },
    outcome: row.outcome ?? undefined,
    templateVersion: row.template_version,
    errorCode: row.error_code ?? undefined,
    errorMessage: row.error_message ?? undefined,
    createdAt: row.created_at,
    startedAt: row.started_at ?? undefined,
    finishedAt: row.finished_at ?? undefined,
    cpuSeconds: row.cpu_seconds,
    bytes: row.bytes,
  };
}
