import pg from 'pg';

const NO_SUCH_DATABASE = '3D000';
const ALREADY_THERE = ['42P04', '23505'];

export function databaseNameOf(url: string): string {
  return decodeURIComponent(new URL(url).pathname.slice(1));
}

export function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${encodeURIComponent(database)}`;
  return changed.toString();
}

export async function withClient<T>(url: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on('error', () => {}); // the failing query carries it
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end().catch(() => {});
  }
}

export async function createDatabaseIfAbsent(adminUrl: string): Promise<void> {
  try {
    await withClient(adminUrl, async () => {});
    return;
  } catch (error) {
    if ((error as pg.DatabaseError).code !== NO_SUCH_DATABASE) throw error;
  }
  await withClient(withDatabase(adminUrl, 'postgres'), async (client) => {
    try {
      await client.query(`CREATE DATABASE ${pg.escapeIdentifier(databaseNameOf(adminUrl))}`);
    } catch (error) {
      // Somebody else did it in the same moment.
      if (!ALREADY_THERE.includes((error as pg.DatabaseError).code ?? '')) throw error;
    }
  });
}

/** Drops the database and the logins that `createLogins` made for it. */
export async function dropDatabase(adminUrl: string, loginNames: string[]): Promise<void> {
  await withClient(withDatabase(adminUrl, 'postgres'), async (client) => {
    await client.query(
      `DROP DATABASE IF EXISTS ${pg.escapeIdentifier(databaseNameOf(adminUrl))} WITH (FORCE)`,
    );
    for (const name of loginNames) await client.query(`DROP ROLE IF EXISTS ${pg.escapeIdentifier(name)}`);
  });
}
