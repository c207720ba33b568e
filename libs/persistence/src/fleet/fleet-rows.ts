import type {
  FleetRun,
  FleetRunFilter,
  FleetTenant,
  FleetTenantRun,
  LifecycleState,
  RunKind,
  RunOutcome,
  RunStatus,
} from '#libs/domain';

/** SQL: as `isLate` in the domain. The first part alone is what the index `run_perhaps_late` holds. */
const PERHAPS_LATE = `deadline IS NOT NULL AND (status <> 'succeeded' OR finished_at > deadline)`;
const isLateAt = (now: string) => `${PERHAPS_LATE} AND (status = 'succeeded' OR deadline < ${now})`;
/** Numbers are read many times as fast as dates; with 4,000 tenants one can tell. */
const msOf = (column: string) => `1000 * date_part('epoch', ${column})`;

/**
 * Every tenant with its last runs: columns of narrow rows, taken from the runs' unique key in its own order, so that nothing is
 * sorted. $1 now, $2 how many runs are looked at.
 */
export const FLEET_TENANTS = `
  SELECT t.id, t.slug, t.name, t.state::text AS state, ${msOf('t.state_changed_at')} AS state_changed_ms, t.template_version,
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
  ORDER BY t.slug`;

export interface FleetTenantRow {
  readonly id: number;
  readonly slug: string;
  readonly name: string;
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

/**
 * One statement for each shape of the question, because each has an index of its own. How rare a state is the planner may not know
 * under row-level security, and would walk through all nights for the few that failed: a range, sorted by the state as well, leaves
 * it the one index.
 */
export function fleetRuns(
  { status, late }: FleetRunFilter,
  limit: number,
): { text: string; values: unknown[] } {
  const conditions = [
    ...(status === undefined ? [] : ['r.status BETWEEN $2::run_status AND $2::run_status']),
    ...(late === undefined ? [] : [late ? isLateAt('now()') : `(${isLateAt('now()')}) IS NOT TRUE`]),
  ];
  const text = `
    SELECT t.slug, t.name, r.run_id, r.night::text, r.kind::text, r.status::text, r.outcome, r.template_version, r.attempt,
           r.error_code, r.error_message, r.created_at, r.started_at, r.finished_at, r.cpu_seconds, r.bytes::double precision AS bytes,
           (${isLateAt('now()')}) IS TRUE AS late
    FROM run r JOIN tenant t ON t.id = r.tenant_id
    ${conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`}
    ORDER BY ${status === undefined ? '' : 'r.status DESC, '}r.created_at DESC, r.run_id DESC LIMIT $1`;
  return { text, values: status === undefined ? [limit] : [limit, status] };
}

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
