import type pg from 'pg';
import { UnavailableError } from '#libs/domain';
import { isTransientPostgresError } from './postgres-pool.js';

/** A statement that Postgres prepares once for each connection. */
export interface Statement {
  /** The same text each time: columns are named, since `*` would change its meaning with the next migration. */
  readonly name: string;
  readonly text: string;
}

/** What the types of `pg` do not tell of its client: whether statements are sent before the ones in front are answered. */
type PipelinedClient = pg.PoolClient & { pipeline: boolean };

/**
 * A transaction of one statement, sent whole: one way to Postgres and back instead of four. Postgres refuses the statement when
 * `begin` has failed, and undoes everything when the statement fails.
 * @param begin opens the transaction and names its tenant
 */
export async function oneStatement<R extends pg.QueryResultRow>(
  pool: pg.Pool,
  begin: string,
  statement: Statement,
  values: readonly unknown[],
): Promise<pg.QueryResult<R>> {
  let client: PipelinedClient | undefined;
  let broken: Error | undefined;
  try {
    client = (await pool.connect()) as PipelinedClient;
    client.pipeline = true;
    const [begun, done, committed] = await Promise.allSettled([
      client.query(begin),
      client.query<R>({ ...statement, values: [...values] }),
      client.query('COMMIT'),
    ]);
    client.pipeline = false;
    if (committed.status === 'rejected') broken = committed.reason as Error;
    if (begun.status === 'rejected') throw begun.reason;
    if (done.status === 'rejected') throw done.reason;
    if (committed.status === 'rejected') throw committed.reason;
    return done.value;
  } catch (error) {
    if (isTransientPostgresError(error)) throw new UnavailableError('The database', error);
    throw error;
  } finally {
    client?.release(broken);
  }
}
