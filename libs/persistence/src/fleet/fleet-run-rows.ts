import type { FleetRun, FleetRunFilter, RunKind, RunOutcome, RunStatus } from '#libs/domain';
import { isLateAt } from './late-sql.js';

/**
 * One statement for each shape of the question, because each has an index of its own. How rare a state is the planner may not know
 * under row-level security, and would walk through all nights for the few that failed: a range, sorted by the state as well, leaves
 * it the one index.
 */
export function fleetRuns(filter: FleetRunFilter, limit: number): { text: string; values: unknown[] } {
  const { status, late, tenant, night } = filter;
  const values: unknown[] = [limit];
  const place = (value: unknown) => `$${values.push(value)}`;
  const conditions: string[] = [];
  let order = 'r.created_at DESC, r.run_id DESC';
  if (tenant !== undefined) {
    conditions.push(`r.tenant_id = (SELECT id FROM tenant WHERE slug = ${place(tenant)})`);
    order = 'r.night DESC, r.kind DESC, r.ordinal DESC';
  }
  if (night !== undefined) {
    conditions.push(`r.night = ${place(night)}::date`);
    if (tenant === undefined) order = 'r.cpu_seconds DESC, r.bytes DESC';
  }
  if (status !== undefined) {
    const wanted = `${place(status)}::run_status`;
    const isOnlyOne = tenant === undefined && night === undefined;
    conditions.push(isOnlyOne ? `r.status BETWEEN ${wanted} AND ${wanted}` : `r.status = ${wanted}`);
    if (isOnlyOne) order = `r.status DESC, ${order}`;
  }
  if (late !== undefined) conditions.push(late ? isLateAt('now()') : `(${isLateAt('now()')}) IS NOT TRUE`);
  const text = `
    SELECT t.slug, t.name, r.run_id, r.night::text, r.kind::text, r.status::text, r.outcome, r.template_version, r.attempt,
           r.error_code, r.error_message, r.created_at, r.started_at, r.finished_at, r.cpu_seconds, r.bytes::double precision AS bytes,
           r.ndcg10, r.interactions, (${isLateAt('now()')}) IS TRUE AS late
    FROM run r JOIN tenant t ON t.id = r.tenant_id
    ${conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`}
    ORDER BY ${order} LIMIT $1`;
  return { text, values };
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
  readonly ndcg10: number | null;
  readonly interactions: number | null;
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
    ndcg10: row.ndcg10 ?? undefined,
    interactions: row.interactions ?? undefined,
  };
}
