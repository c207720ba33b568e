import type pg from 'pg';
import { currentNight, FleetRunRepository, PIPELINE_TEMPLATE, type AdmissibleRun } from '#libs/domain';
import { inTransaction } from '../database/postgres-pool.js';

const TEMPLATE = PIPELINE_TEMPLATE;
/** SQL: the hour at which a tenant's night begins; $1 is the template's. */
const HOUR = `COALESCE((settings->>'nightStartsAtHour')::integer, $1::integer)`;

interface NightGroup {
  readonly time_zone: string;
  readonly hour: number;
}

interface AdmissibleRow {
  readonly tenant_id: number;
  readonly run_id: string;
  readonly attempt: number;
}

/** Runs of the whole fleet, through the platform's login. */
export class PostgresFleetRunRepository extends FleetRunRepository {
  constructor(private readonly pool: pg.Pool) {
    super();
  }

  override async planNights(now: Date): Promise<number> {
    const { rows: groups } = await inTransaction(this.pool, 'BEGIN READ ONLY', (client) =>
      client.query<NightGroup>(
        `SELECT DISTINCT time_zone, ${HOUR} AS hour FROM tenant WHERE state <> 'off'`,
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
    const night = currentNight(now, group.time_zone, group.hour);
    return inTransaction(this.pool, 'BEGIN', async (client) => {
      // A tenant that came after its midnight waits for the next one; an unfinished run is not joined but waited for.
      const inserted = await client.query(
        `INSERT INTO run (tenant_id, run_id, night, kind, requested_by, seed, template_version)
         SELECT id, gen_random_uuid(), $4::date, 'nightly', 'planner', $6, $7 FROM tenant
         WHERE ${HOUR} = $3 AND time_zone = $2 AND state <> 'off' AND created_at <= $5
           AND NOT EXISTS (SELECT FROM run r WHERE r.tenant_id = tenant.id
                           AND (r.active OR (r.night = $4::date AND r.kind = 'nightly')))
         ON CONFLICT DO NOTHING`,
        [
          TEMPLATE.nightStartsAtHour,
          group.time_zone,
          group.hour,
          night.date,
          night.startsAt,
          TEMPLATE.seed,
          TEMPLATE.version,
        ],
      );
      return inserted.rowCount ?? 0;
    });
  }

  override async admit(room: number): Promise<AdmissibleRun[]> {
    if (room <= 0) return [];
    return inTransaction(this.pool, 'BEGIN', async (client) => {
      // Nightly before manual; within a kind the tenant that has waited longest since its last start comes first.
      const { rows } = await client.query<AdmissibleRow>(
        `WITH due AS (
           SELECT r.tenant_id, r.run_id FROM run r
           LEFT JOIN LATERAL (SELECT max(started_at) AS at FROM run p WHERE p.tenant_id = r.tenant_id) AS last ON true
           WHERE r.status = 'queued' AND r.not_before <= now()
           ORDER BY (r.kind = 'manual'), last.at NULLS FIRST, r.created_at LIMIT $1 FOR UPDATE OF r SKIP LOCKED)
         UPDATE run SET status = 'admitted', admitted_at = now() FROM due
         WHERE run.tenant_id = due.tenant_id AND run.run_id = due.run_id
         RETURNING run.tenant_id, run.run_id, run.attempt`,
        [room],
      );
      return rows.map(toAdmissible);
    });
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

  override async countInFlight(): Promise<number> {
    const { rows } = await inTransaction(this.pool, 'BEGIN READ ONLY', (client) =>
      client.query<{ count: number }>(
        `SELECT count(*)::integer AS count FROM run WHERE status IN ('admitted', 'running')`,
      ),
    );
    return rows[0].count;
  }

  override async countByStatus(): Promise<Readonly<Record<string, number>>> {
    const { rows } = await inTransaction(this.pool, 'BEGIN READ ONLY', (client) =>
      client.query<{ status: string; count: number }>(
        `SELECT status::text, count(*)::integer AS count FROM run WHERE active GROUP BY status`,
      ),
    );
    return Object.fromEntries(rows.map((row) => [row.status, row.count]));
  }
}

function toAdmissible(row: AdmissibleRow): AdmissibleRun {
  return { tenantId: row.tenant_id, runId: row.run_id, attempt: row.attempt };
}
