import type pg from 'pg';
import { currentActor } from '#libs/domain';
import { inTransaction } from '../database/postgres-pool.js';

/** The way to people and their sessions, which belong to no tenant; of tenants' data it sees nothing. */
export class AccountsDatabase {
  constructor(private readonly pool: pg.Pool) {}

  /** One transaction, in the name of whoever is acting: triggers write the audit trail. */
  run<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    return inTransaction(this.pool, 'BEGIN', async (client) => {
      await client.query("SELECT set_config('app.actor', $1, true)", [currentActor() ?? '']);
      return work(client);
    });
  }

  /** One statement that changes nothing which is audited. */
  async query<Row extends pg.QueryResultRow>(
    sql: string,
    values: readonly unknown[],
  ): Promise<pg.QueryResult<Row>> {
    return inTransaction(this.pool, 'BEGIN', (client) => client.query<Row>(sql, [...values]));
  }

  close(): Promise<void> {
    return this.pool.end();
  }
}
