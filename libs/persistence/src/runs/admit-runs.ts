import type pg from 'pg';
import {
  chooseRuns,
  REMEMBERED_ADMISSIONS,
  type AdmissibleRun,
  type RunKind,
  type WaitingRun,
} from '#libs/domain';

interface WaitingRow {
  readonly tenant_id: number;
  readonly run_id: string;
  readonly attempt: number;
  readonly kind: RunKind;
  readonly ready_at: Date;
}

/**
 * Per tenant and kind the run that comes first (of past nights the latest, which its tenant misses most). Within a kind the
 * one with the earliest deadline, which only nights have, then the tenant whose last start is longest ago. A tenant may
 * choose its own deadline and gains nothing by it: it has one night a day.
 * $1: so many of each kind.
 */
const WAITING = `
  WITH own AS (
    SELECT DISTINCT ON (r.tenant_id, r.kind) r.tenant_id, r.run_id, r.attempt, r.kind, r.deadline,
           greatest(r.created_at, r.not_before) AS ready_at
    FROM run r
    WHERE r.status = 'queued' AND r.not_before <= now()
      AND NOT EXISTS (SELECT FROM run w WHERE w.tenant_id = r.tenant_id AND w.status IN ('admitted', 'running'))
    ORDER BY r.tenant_id, r.kind, r.night DESC),
  placed AS (
    SELECT own.*, row_number() OVER (
      PARTITION BY own.kind ORDER BY own.deadline NULLS LAST, last.at NULLS FIRST, own.ready_at, own.tenant_id) AS place
    FROM own
    LEFT JOIN LATERAL (SELECT max(p.started_at) AS at FROM run p WHERE p.tenant_id = own.tenant_id) AS last ON true)
  SELECT tenant_id, run_id, attempt, kind, ready_at FROM placed WHERE place <= $1 ORDER BY place`;

/** Part of a transaction: marks up to `room` runs as admitted, in the order in which they are to start. */
export async function admitRuns(client: pg.ClientBase, room: number): Promise<AdmissibleRun[]> {
  // One at a time: each chooses by what the one before has admitted.
  await client.query(`SELECT pg_advisory_xact_lock(hashtext('admit-runs'))`);
  // A tenant that has been given a place by one kind is left out of the others.
  const { rows } = await client.query<WaitingRow>(WAITING, [room * 4]);
  if (rows.length === 0) return [];
  const recent = await client.query<{ kind: RunKind; at: Date }>(
    `SELECT kind, admitted_at AS at FROM run WHERE admitted_at IS NOT NULL ORDER BY admitted_at DESC LIMIT $1`,
    [REMEMBERED_ADMISSIONS],
  );
  const chosen = chooseRuns(rows.map(toWaiting), recent.rows, room);
  const { rows: admitted } = await client.query<{ run_id: string }>(
    `UPDATE run SET status = 'admitted', admitted_at = now()
     FROM unnest($1::integer[], $2::uuid[]) AS c (tenant_id, run_id)
     WHERE run.tenant_id = c.tenant_id AND run.run_id = c.run_id AND run.status = 'queued' RETURNING run.run_id`,
    [chosen.map((run) => run.tenantId), chosen.map((run) => run.runId)],
  );
  const done = new Set(admitted.map((row) => row.run_id));
  return chosen
    .filter(({ runId }) => done.has(runId))
    .map(({ tenantId, runId, attempt }) => ({ tenantId, runId, attempt }));
}

function toWaiting(row: WaitingRow): WaitingRun {
  const { tenant_id: tenantId, run_id: runId, ready_at: readyAt, attempt, kind } = row;
  return { tenantId, runId, attempt, kind, readyAt };
}
