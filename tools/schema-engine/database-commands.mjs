import pg from 'pg';

// PostgreSQL's error codes to Prisma's: no such database, wrong password; anything else is "cannot reach the server".
const PRISMA_CODES = { '3D000': 'P1003', '28P01': 'P1000' };

async function onDatabase(url, database, sql) {
  const target = new URL(url);
  target.pathname = `/${encodeURIComponent(database)}`;
  const client = new pg.Client({ connectionString: target.toString() });
  await client.connect();
  try {
    if (sql) await client.query(sql);
  } finally {
    await client.end();
  }
}

const COMMANDS = {
  'can-connect-to-database': (url, database) => onDatabase(url, database),
  'create-database': (url, database) =>
    onDatabase(url, 'postgres', `CREATE DATABASE ${pg.escapeIdentifier(database)}`),
  'drop-database': (url, database) =>
    onDatabase(url, 'postgres', `DROP DATABASE ${pg.escapeIdentifier(database)} WITH (FORCE)`),
};

// Answers `schema-engine cli <command>`. The CLI reads the reason of a failure from JSON log lines on stderr, and looks
// for the error in the last one, after at least one other.
export async function runDatabaseCommand(name, url) {
  try {
    const command = COMMANDS[name];
    if (!command) throw new Error(`unknown command "${name}"`);
    if (!url) throw new Error('no database URL');
    await command(url, decodeURIComponent(new URL(url).pathname.slice(1)));
    if (name === 'drop-database') process.stderr.write('The database was successfully dropped\n');
    return 0;
  } catch (error) {
    const lines = [
      { level: 'INFO', fields: { message: `schema-engine cli ${name}` } },
      {
        level: 'ERROR',
        target: 'schema_engine::logger',
        fields: { error_code: PRISMA_CODES[error.code] ?? 'P1001', message: error.message || String(error) },
      },
    ];
    process.stderr.write(`${lines.map((line) => JSON.stringify(line)).join('\n')}\n`);
    return 1;
  }
}
