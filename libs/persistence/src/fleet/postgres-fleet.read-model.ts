import type pg from 'pg';
import {
  FleetReadModel,
  TREND_NIGHTS,
  type AlertThresholds,
  type FleetRun,
  type FleetRunFilter,
  type FleetTenant,
  type NightCost,
  type RateEvidence,
  type RateGroup,
  type WorkerReport,
} from '#libs/domain';
import { inTransaction } from '../database/postgres-pool.js';
import { ROLLOUT_COLUMNS, toRollout, type RolloutRow } from '../rollouts/rollout-rows.js';
import {
  FLEET_TENANTS,
  fleetRuns,
  toFleetRun,
  toFleetTenant,
  type FleetRunRow,
  type FleetTenantRow,
} from './fleet-rows.js';

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
      client.query<FleetTenantRow>(FLEET_TENANTS, [now, TREND_NIGHTS]),
    );
    return rows.map((row) => toFleetTenant(row, this.requestsPerDay));
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
      const rollouts = await client.query<RolloutRow>(
        `SELECT ${ROLLOUT_COLUMNS} FROM template_rollout ORDER BY started_at`,
      );
      return {
        tenants: tenants.rows.map(({ id, created_at: createdAt, state, interactions }) => ({
          ...{ tenantId: id, createdAt, state },
          interactions: interactions ?? undefined,
        })),
        changes: changes.rows,
        rollouts: rollouts.rows.map(toRollout),
        firstVersion: rollouts.rows.at(0)?.former_version ?? 1,
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
