import type pg from 'pg';
import { FleetRetentionRepository, LeaseLostError, type Pruned, type RetentionRequest } from '#libs/domain';
import { inTransaction } from '../database/postgres-pool.js';

/** Through the platform's login, which sees of sessions only those that are over. */
export class PostgresFleetRetentionRepository extends FleetRetentionRepository {
  constructor(private readonly pool: pg.Pool) {
    super();
  }

  override prune({ now, dryRun }: Pick<RetentionRequest, 'now' | 'dryRun'>): Promise<Pruned> {
    return inTransaction(this.pool, 'BEGIN', async (client): Promise<Pruned> => {
      const { rows } = await client.query<{ count: number }>(
        dryRun
          ? 'SELECT count(*)::integer AS count FROM session WHERE expires_at < $1'
          : `WITH gone AS (DELETE FROM session WHERE expires_at < $1 RETURNING 1)
             SELECT count(*)::integer AS count FROM gone`,
        [now],
      );
      return rows[0].count > 0 ? { session: rows[0].count } : {};
    });
  }

  override claim(day: string, leaseMs: number): Promise<number | undefined> {
    return inTransaction(this.pool, 'BEGIN', async (client) => {
      const { rows } = await client.query<{ attempt: number }>(
        `INSERT INTO maintenance_run AS m (day, lease_until) VALUES ($1, now() + make_interval(secs => $2::float8 / 1000))
         ON CONFLICT (day) DO UPDATE SET attempt = m.attempt + 1, lease_until = EXCLUDED.lease_until
         WHERE m.finished_at IS NULL AND m.lease_until < now() RETURNING attempt`,
        [day, leaseMs],
      );
      // Two years of them are enough to see a trend.
      if (rows.length > 0)
        await client.query(`DELETE FROM maintenance_run WHERE day < $1::date - 730`, [day]);
      return rows.at(0)?.attempt;
    });
  }

  override async extend(day: string, attempt: number, leaseMs: number): Promise<void> {
    const { rowCount } = await inTransaction(this.pool, 'BEGIN', (client) =>
      client.query(
        `UPDATE maintenance_run SET lease_until = now() + make_interval(secs => $3::float8 / 1000)
          WHERE day = $1 AND attempt = $2 AND finished_at IS NULL`,
        [day, attempt, leaseMs],
      ),
    );
    if (rowCount === 0) throw new LeaseLostError(`maintenance of ${day}`);
  }

  override async finish(day: string, attempt: number, pruned: Pruned): Promise<void> {
    await inTransaction(this.pool, 'BEGIN', (client) =>
      client.query(
        `UPDATE maintenance_run SET finished_at = now(), pruned = $3 WHERE day = $1 AND attempt = $2`,
        [day, attempt, JSON.stringify(pruned)],
      ),
    );
  }
}
