import type pg from 'pg';
import { FleetAlertRepository, type AlertThresholds } from '#libs/domain';
import { inTransaction } from '../database/postgres-pool.js';

export class PostgresFleetAlertRepository extends FleetAlertRepository {
  constructor(private readonly pool: pg.Pool) {
    super();
  }

  override async change(
    { freezesPerWeek, turnOffsPerWeek }: AlertThresholds,
    reason: string,
    actor: string,
  ): Promise<void> {
    await inTransaction(this.pool, 'BEGIN', (client) =>
      client.query(
        `INSERT INTO fleet_alert_change (freezes_per_week, turn_offs_per_week, reason, actor) VALUES ($1, $2, $3, $4)`,
        [freezesPerWeek, turnOffsPerWeek, reason, actor],
      ),
    );
  }
}
