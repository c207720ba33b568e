import type pg from 'pg';
import { Leadership, WorkerRepository } from '#libs/domain';
import { inTransaction } from '../database/postgres-pool.js';

export class PostgresWorkerRepository extends WorkerRepository {
  constructor(private readonly pool: pg.Pool) {
    super();
  }

  override async heartbeat(workerId: string, slots: number): Promise<void> {
    await inTransaction(this.pool, 'BEGIN', (client) =>
      client.query(
        `INSERT INTO worker_node (worker_id, slots) VALUES ($1, $2)
         ON CONFLICT (worker_id) DO UPDATE SET heartbeat_at = now(), slots = EXCLUDED.slots`,
        [workerId, slots],
      ),
    );
  }

  override async leave(workerId: string): Promise<void> {
    // Those that never said good-bye go as well, once nobody can be counting on them.
    await inTransaction(this.pool, 'BEGIN', (client) =>
      client.query(
        `DELETE FROM worker_node WHERE worker_id = $1 OR heartbeat_at < now() - interval '1 day'`,
        [workerId],
      ),
    );
  }

  override async slots(withinMs: number): Promise<number> {
    const { rows } = await inTransaction(this.pool, 'BEGIN READ ONLY', (client) =>
      client.query<{ slots: number }>(
        `SELECT COALESCE(sum(slots), 0)::integer AS slots FROM worker_node
         WHERE heartbeat_at > now() - make_interval(secs => $1)`,
        [withinMs / 1000],
      ),
    );
    return rows[0].slots;
  }
}

/** An advisory lock in Postgres, held for the length of one transaction: gone with the process or the connection. */
export class PostgresLeadership extends Leadership {
  constructor(private readonly pool: pg.Pool) {
    super();
  }

  override ifLeader<T>(name: string, work: () => Promise<T>): Promise<T | undefined> {
    return inTransaction(this.pool, 'BEGIN', async (client) => {
      const { rows } = await client.query<{ leads: boolean }>(
        `SELECT pg_try_advisory_xact_lock(hashtext('nightshift-leader'), hashtext($1)) AS leads`,
        [name],
      );
      return rows[0].leads ? work() : undefined;
    });
  }
}
