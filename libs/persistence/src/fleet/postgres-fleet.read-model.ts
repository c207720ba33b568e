import type pg from 'pg';
import {
  FleetReadModel,
  TREND_NIGHTS,
  type AlertThresholds,
  type FleetRun,
  type FleetRunFilter,
  type FleetTenant,
  type FleetTenantRecord,
  type NightCost,
  type RateEvidence,
  type RateGroup,
  type Rollout,
  type StateOnRecord,
  type WorkerReport,
} from '#libs/domain';
import { inTransaction } from '../database/postgres-pool.js';
import { ROLLOUT_COLUMNS, toRollout, type RolloutRow } from '../rollouts/rollout-rows.js';
import { fleetRuns, toFleetRun, type FleetRunRow } from './fleet-run-rows.js';
import { fleetTenants, toFleetTenant, type FleetTenantRow } from './fleet-rows.js';

const CHANGES_SHOWN = 50;

/** The whole fleet, through the platform's login. */
export class PostgresFleetReadModel extends FleetReadModel {
  /** @param requestsPerDay quota of tenants that have none of their own; 0: no limit */
  constructor(
    private readonly pool: pg.Pool,
    private readonly requestsPerDay: number,
  ) {
    super();
  }

  override async tenants(now: Date): Promise<FleetTenant[]> {
    const rows = await this.read((client) =>
      client.query<FleetTenantRow>(fleetTenants(''), [now, TREND_NIGHTS]),
    );
    return rows.map((row) => toFleetTenant(row, this.requestsPerDay));
  }

  override tenant(slug: string, now: Date): Promise<FleetTenantRecord | undefined> {
    return inTransaction(this.pool, 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', async (client) => {
      const found = await client.query<FleetTenantRow>(fleetTenants('WHERE t.slug = $3'), [
        ...[now, TREND_NIGHTS, slug],
      ]);
      const row = found.rows.at(0);
      if (row === undefined) return undefined;
      const changes = await client.query<StateOnRecord>(
        `SELECT from_state::text AS "from", to_state::text AS "to", reason, actor, changed_at AS at
         FROM lifecycle_change WHERE tenant_id = $1 ORDER BY changed_at DESC LIMIT $2`,
        [row.id, CHANGES_SHOWN],
      );
      return {
        tenant: toFleetTenant(row, this.requestsPerDay),
        timeZone: row.time_zone,
        changes: changes.rows,
        rollouts: await rolloutsOf(client),
      };
    });
  }

  override async slugs(tenantIds: readonly number[]): Promise<ReadonlyMap<number, string>> {
    const rows = await this.read((client) =>
      client.query<{ id: number; slug: string }>('SELECT id, slug FROM tenant WHERE id = ANY($1)', [
        tenantIds,
      ]),
    );
    return new Map(rows.map(({ id, slug }) => [id, slug]));
  }

  override rateEvidence(since: Date, group: RateGroup): Promise<RateEvidence> {
    return inTransaction(this.pool, 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY', async (client) => {
      const tenants = await client.query<{
        id: number;
        created_at: Date;
        state: 'on';
        interactions: number | null;
      }>(
        // Only who asks for sizes has each tenant's runs looked at.
        `SELECT t.id, t.created_at, t.state::text AS state, r.interactions FROM tenant t LEFT JOIN LATERAL (
           SELECT interactions FROM run WHERE tenant_id = t.id AND interactions IS NOT NULL ORDER BY night DESC LIMIT 1) r
         ON $1`,
        [group === 'size'],
      );
      const changes = await client.query<RateEvidence['changes'][number]>(
        `SELECT tenant_id AS "tenantId", from_state::text AS "from", to_state::text AS "to", changed_at AS at,
                actor NOT LIKE '%, operator%' AS "byTenant"
         FROM lifecycle_change WHERE changed_at > $1 ORDER BY changed_at`,
        [since],
      );
      const rollouts = await rolloutsOf(client);
      return {
        tenants: tenants.rows.map(({ id, created_at: createdAt, state, interactions }) => ({
          ...{ tenantId: id, createdAt, state },
          interactions: interactions ?? undefined,
        })),
        changes: changes.rows,
        rollouts,
        firstVersion: rollouts.at(0)?.formerVersion ?? 1,
      };
    });
  }

  override async alertThresholds(): Promise<AlertThresholds> {
    const rows = await this.read((client) =>
      client.query<AlertThresholds>(
        `SELECT freezes_per_week AS "freezesPerWeek", turn_offs_per_week AS "turnOffsPerWeek"
         FROM fleet_alert_change ORDER BY sequence DESC LIMIT 1`,
      ),
    );
    return rows[0];
  }

  override workers(): Promise<WorkerReport[]> {
    return this.read((client) =>
      client.query<WorkerReport>(
        `SELECT worker_id AS "workerId", slots, started_at AS "startedAt", heartbeat_at AS "heartbeatAt"
         FROM worker_node ORDER BY worker_id`,
      ),
    );
  }

  override async runs(filter: FleetRunFilter, limit: number): Promise<FleetRun[]> {
    const rows = await this.read((client) => client.query<FleetRunRow>(fleetRuns(filter, limit)));
    return rows.map(toFleetRun);
  }

  override async costs(nights: number): Promise<NightCost[]> {
    const rows = await this.read((client) =>
      client.query<{ night: string; runs: number; cpu_seconds: number; bytes: string }>(
        `SELECT night::text, count(*)::integer AS runs, sum(cpu_seconds) AS cpu_seconds, sum(bytes)::text AS bytes
         FROM run WHERE night > CURRENT_DATE - $1::integer GROUP BY night ORDER BY night`,
        [nights],
      ),
    );
    return rows.map(({ night, runs, cpu_seconds, bytes }) => ({
      ...{ night, runs, cpuSeconds: cpu_seconds, bytes: Number(bytes) },
    }));
  }

  private async read<Row extends pg.QueryResultRow>(
    work: (client: pg.PoolClient) => Promise<pg.QueryResult<Row>>,
  ): Promise<Row[]> {
    return (await inTransaction(this.pool, 'BEGIN READ ONLY', work)).rows;
  }
}

/** Oldest first. */
async function rolloutsOf(client: pg.PoolClient): Promise<Rollout[]> {
  const { rows } = await client.query<RolloutRow>(
    `SELECT ${ROLLOUT_COLUMNS} FROM template_rollout ORDER BY started_at`,
  );
  return rows.map(toRollout);
}
