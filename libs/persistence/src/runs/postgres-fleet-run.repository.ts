import type pg from 'pg';
import {
  currentNight,
  FleetRunRepository,
  NIGHT_JITTER_MS,
  nightDeadline,
  nightJitterMs,
  PIPELINE_TEMPLATE,
  type AdmissibleRun,
  type LateCounts,
  type LateRun,
  type QueueDepth,
  type RunKind,
  type RunStatus,
} from '#libs/domain';
import { inTransaction } from '../database/postgres-pool.js';
import { admitRuns } from './admit-runs.js';

const TEMPLATE = PIPELINE_TEMPLATE;
/** SQL: the hour at which a tenant's night begins; $1 is the template's. */
const HOUR = `COALESCE((settings->>'nightStartsAtHour')::integer, $1::integer)`;

/** SQL: the hour by which its lists are to be fresh. */
const FRESH_BY = `COALESCE((settings->>'freshByHour')::integer, ${TEMPLATE.freshByHour})`;

interface NightGroup {
  readonly time_zone: string;
  readonly hour: number;
  readonly fresh_by_hour: number;
}

/** SQL: as `isLate` in the domain. */
const IS_LATE = `CASE WHEN status = 'succeeded' THEN finished_at > deadline ELSE deadline < now() END`;

interface LateRow {
  readonly slug: string;
  readonly run_id: string;
  readonly night: string;
  readonly kind: RunKind;
  readonly status: RunStatus;
  readonly deadline: Date;
  readonly finished_at: Date | null;
  readonly error_code: string | null;
}

interface AdmissibleRow {
  readonly tenant_id: number;
  readonly run_id: string;
  readonly attempt: number;
}

/** Runs of the whole fleet, through the platform's login. */
export class PostgresFleetRunRepository extends FleetRunRepository {
  /** @param jitterMs a tenant's night is planned up to so long after it has begun, see `nightJitterMs` */
  constructor(
    private readonly pool: pg.Pool,
    private readonly jitterMs: number = NIGHT_JITTER_MS,
  ) {
    super();
  }

  override async planNights(now: Date): Promise<number> {
    const { rows: groups } = await inTransaction(this.pool, 'BEGIN READ ONLY', (client) =>
      client.query<NightGroup>(
        `SELECT DISTINCT time_zone, ${HOUR} AS hour, ${FRESH_BY} AS fresh_by_hour FROM tenant WHERE state <> 'off'`,
        [TEMPLATE.nightStartsAtHour],
      ),
    );
    // One by one: tenants whose zone this process does not know must not cost the others their night.
    const planned = await Promise.allSettled(groups.map((group) => this.planGroup(now, group)));
    const failed = planned.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    return planned.reduce((sum, result) => sum + (result.status === 'fulfilled' ? result.value : 0), 0);
  }

  private async planGroup(now: Date, group: NightGroup): Promise<number> {
    const { time_zone: timeZone, hour, fresh_by_hour: freshByHour } = group;
    const night = currentNight(now, timeZone, hour);
    const deadline = nightDeadline(night.date, timeZone, hour, freshByHour);
    return inTransaction(this.pool, 'BEGIN', async (client) => {
      // As `nextRunAt` in the domain. A tenant that came after its midnight waits for the next one; an unfinished run is not joined but waited for.
      const { rows } = await client.query<{ id: number }>(
        `SELECT id FROM tenant
         WHERE ${HOUR} = $3 AND ${FRESH_BY} = $6 AND time_zone = $2 AND state <> 'off' AND created_at <= $5
           AND (schedule_changed_at IS NULL OR schedule_changed_at <= $5 OR schedule_changed_at < $7)
           AND NOT EXISTS (SELECT FROM run r WHERE r.tenant_id = tenant.id
                           AND ((r.active AND r.kind <> 'backfill') OR (r.night = $4::date AND r.kind = 'nightly')))`,
        [TEMPLATE.nightStartsAtHour, timeZone, hour, night.date, night.startsAt, freshByHour, deadline],
      );
      const isDue = (id: number) =>
        night.startsAt.getTime() + nightJitterMs(id, night.date, this.jitterMs) <= now.getTime();
      const due = rows.map(({ id }) => id).filter(isDue);
      if (due.length === 0) return 0;
      const inserted = await client.query(
        `INSERT INTO run (tenant_id, run_id, night, kind, trigger, requested_by, seed, template_version, deadline)
         SELECT id, gen_random_uuid(), $2::date, 'nightly', 'clock', 'planner', $3, template_version, $4
         FROM tenant WHERE id = ANY($1::integer[]) ON CONFLICT DO NOTHING`,
        [due, night.date, TEMPLATE.seed, deadline],
      );
      return inserted.rowCount ?? 0;
    });
  }

  override async admit(room: number): Promise<AdmissibleRun[]> {
    if (room <= 0) return [];
    return inTransaction(this.pool, 'BEGIN', (client) => admitRuns(client, room));
  }

  override async unclaimed(): Promise<AdmissibleRun[]> {
    const { rows } = await inTransaction(this.pool, 'BEGIN READ ONLY', (client) =>
      client.query<AdmissibleRow>(
        `SELECT tenant_id, run_id, attempt FROM run
         WHERE status = 'admitted' OR (status = 'running' AND lease_until < now())`,
      ),
    );
    return rows.map(toAdmissible);
  }

  override async unfinished(): Promise<string[]> {
    const { rows } = await inTransaction(this.pool, 'BEGIN READ ONLY', (client) =>
      client.query<{ run_id: string }>('SELECT run_id FROM run WHERE active'),
    );
    return rows.map(({ run_id }) => run_id);
  }

  override async countInFlight(): Promise<number> {
    const { rows } = await inTransaction(this.pool, 'BEGIN READ ONLY', (client) =>
      client.query<{ count: number }>(
        `SELECT count(*)::integer AS count FROM run WHERE status IN ('admitted', 'running')`,
      ),
    );
    return rows[0].count;
  }

  override async queueDepth(): Promise<QueueDepth> {
    const { rows } = await inTransaction(this.pool, 'BEGIN READ ONLY', (client) =>
      client.query<QueueDepth>(
        `SELECT count(*) FILTER (WHERE status = 'queued' AND kind = 'nightly')::integer AS prioritised,
           count(*) FILTER (WHERE status = 'queued' AND kind <> 'nightly')::integer AS waiting,
           count(*) FILTER (WHERE status <> 'queued')::integer AS active,
           COALESCE(extract(epoch FROM now() - min(greatest(created_at, not_before)) FILTER (WHERE status <> 'running')),
             0)::double precision AS "oldestSeconds"
         FROM run WHERE active AND (status <> 'queued' OR not_before <= now())`,
      ),
    );
    return rows[0];
  }

  override async handBack(workerId: string): Promise<number> {
    const { rowCount } = await inTransaction(this.pool, 'BEGIN', (client) =>
      client.query(
        `UPDATE run SET status = 'admitted', lease_owner = NULL, lease_until = NULL, attempt = attempt - 1,
           fencing_token = fencing_token + 1
         WHERE status = 'running' AND lease_owner = $1`,
        [workerId],
      ),
    );
    return rowCount ?? 0;
  }

  override async countByStatus(): Promise<Readonly<Record<string, number>>> {
    const { rows } = await inTransaction(this.pool, 'BEGIN READ ONLY', (client) =>
      client.query<{ status: string; count: number }>(
        // By its states, because they have an index: what is unfinished is few among all nights.
        `SELECT status::text, count(*)::integer AS count FROM run WHERE status IN ('queued', 'admitted', 'running') GROUP BY status`,
      ),
    );
    return Object.fromEntries(rows.map((row) => [row.status, row.count]));
  }

  override async late(since: Date, limit: number): Promise<LateRun[]> {
    const { rows } = await inTransaction(this.pool, 'BEGIN READ ONLY', (client) =>
      client.query<LateRow>(
        `SELECT slug, run_id, night::text, kind::text, status::text, deadline, finished_at, error_code
         FROM run JOIN tenant ON tenant.id = tenant_id
         WHERE deadline > $1 AND ${IS_LATE} ORDER BY deadline DESC, slug LIMIT $2`,
        [since, limit],
      ),
    );
    return rows.map(toLateRun);
  }

  override async countLate(since: Date): Promise<LateCounts> {
    const { rows } = await inTransaction(this.pool, 'BEGIN READ ONLY', (client) =>
      client.query<LateCounts>(
        `SELECT count(*) FILTER (WHERE status <> 'succeeded')::integer AS missing,
                count(*) FILTER (WHERE status = 'succeeded')::integer AS delayed
         FROM run WHERE deadline > $1 AND ${IS_LATE}`,
        [since],
      ),
    );
    return rows[0];
  }
}

function toLateRun(row: LateRow): LateRun {
  return {
    tenant: row.slug,
    runId: row.run_id,
    night: row.night,
    kind: row.kind,
    status: row.status,
    deadline: row.deadline,
    finishedAt: row.finished_at ?? undefined,
    errorCode: row.error_code ?? undefined,
  };
}

function toAdmissible(row: AdmissibleRow): AdmissibleRun {
  return { tenantId: row.tenant_id, runId: row.run_id, attempt: row.attempt };
}
