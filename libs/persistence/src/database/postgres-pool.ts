import { types } from 'node:util';
import pg from 'pg';
import { UnavailableError } from '#libs/domain';

export interface PostgresPoolOptions {
  readonly connectionString: string;
  readonly max: number;
  /** An idle connection is closed after so long. */
  readonly idleTimeoutMs?: number;
  readonly applicationName: string;
  /** Postgres ends a transaction in which nothing is asked for this long: a frozen process must not keep its locks. */
  readonly idleInTransactionMs?: number;
}

/** A pool that survives a restart of Postgres: idle connections that break are dropped, never thrown at the process. */
export function createPostgresPool(options: PostgresPoolOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: options.connectionString,
    max: options.max,
    application_name: options.applicationName,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: options.idleTimeoutMs ?? 30_000,
    keepAlive: true,
    idle_in_transaction_session_timeout: options.idleInTransactionMs,
  });
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

// Class 08 connection, 57P administrator shutdown and crash, 53 resources, 40 serialisation and deadlock, 25P03 idle for too long.
const TRANSIENT_SQLSTATE = /^(08|57P|53|40|25P03)/;
const TRANSIENT_SYSTEM = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/** Whether Postgres was away or in trouble, as opposed to having refused the statement. */
export function isTransientPostgresError(error: unknown): boolean {
  // Not `instanceof`: an error of a socket comes from another realm when the code runs inside a test's sandbox.
  if (!types.isNativeError(error)) return false;
  const { code, errors } = error as { code?: unknown; errors?: unknown };
  if (typeof code === 'string' && (TRANSIENT_SQLSTATE.test(code) || TRANSIENT_SYSTEM.has(code))) return true;
  if (Array.isArray(errors)) return errors.some(isTransientPostgresError);
  return /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/.test(
    error.message,
  );
}

/** Runs `work` in one transaction; outages surface as {@link UnavailableError}, everything else as it is. */
export async function inTransaction<T>(
  pool: pg.Pool,
  begin: string,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<T> {
  let client: pg.PoolClient | undefined;
  let broken: Error | undefined;
  try {
    client = await pool.connect();
    await client.query(begin);
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    try {
      await client?.query('ROLLBACK');
    } catch (rollbackError) {
      broken = rollbackError as Error;
    }
    if (isTransientPostgresError(error)) throw new UnavailableError('The database', error);
    throw error;
  } finally {
    client?.release(broken);
  }
}
