import { randomUUID } from 'node:crypto';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import pg from 'pg';

const CHAR_OID = 18; // PostgreSQL's internal one-byte "char", used all over the system catalogues
const TEXT_OID = 25;

// The adapter of 7.10 does not know "char" and refuses every result that contains it, and the engine reads the
// catalogues, which are full of it. Show such columns to the adapter as text, and to the engine as a character.
function understandChar(connection) {
  const charColumnsOfQuery = new WeakMap();
  const performIO = connection.performIO.bind(connection);
  connection.performIO = async (query) => {
    const result = await performIO(query);
    const columns = [];
    (result.fields ?? []).forEach((field, index) => {
      if (field.dataTypeID !== CHAR_OID) return;
      field.dataTypeID = TEXT_OID;
      columns.push(index);
    });
    charColumnsOfQuery.set(query, columns);
    return result;
  };
  const queryRaw = connection.queryRaw.bind(connection);
  connection.queryRaw = async (query) => {
    const result = await queryRaw(query);
    for (const column of charColumnsOfQuery.get(query) ?? []) {
      result.columnTypes[column] = ColumnTypeEnum.Character;
      for (const row of result.rows) if (row[column] === '') row[column] = '\0';
    }
    return result;
  };
  return connection;
}

// The stock adapter cuts a script at every semicolon, also inside a function's body or a DO block. PostgreSQL itself
// takes a whole script when it has no parameters, as the native engine sends it.
function executeWholeScripts(connection) {
  connection.executeScript = async (sql) => {
    await connection.performIO({ sql, args: [], argTypes: [] });
  };
  return connection;
}

const adapt = (connection) => executeWholeScripts(understandChar(connection));

function createPool(url) {
  const pool = new pg.Pool({ connectionString: url });
  pool.on('error', () => {}); // an idle connection that is cut: the next query reports it
  return pool;
}

class MigrationAdapterFactory extends PrismaPg {
  #url;

  constructor(url) {
    super(createPool(url));
    this.#url = url;
  }

  async connect() {
    return adapt(await super.connect());
  }

  // The engine replays the migrations in a throw-away database and compares the result with the schema. The stock
  // adapter drops it without FORCE, which fails while its own pool is connected.
  async connectToShadowDb() {
    const name = `prisma_migrate_shadow_db_${randomUUID()}`;
    const admin = new pg.Client({ connectionString: this.#url });
    await admin.connect();
    await admin.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}`);
    const url = new URL(this.#url);
    url.pathname = `/${name}`;
    const pool = createPool(url.toString());
    const connection = adapt(await new PrismaPg(pool).connect());
    const dispose = connection.dispose.bind(connection);
    connection.dispose = async () => {
      await dispose().catch(() => {});
      await pool.end().catch(() => {});
      await admin.query(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(name)} WITH (FORCE)`);
      await admin.end();
    };
    return connection;
  }
}

export function connectableAdapterFactory(url) {
  return bindMigrationAwareSqlAdapterFactory(new MigrationAdapterFactory(url));
}

// The engine connects as soon as it is created, even for work that needs no database (comparing two schema files).
export function noDatabaseFactory() {
  const refuse = async () => {
    throw new Error('This command needs a live database: set DATABASE_URL.');
  };
  const connection = {
    provider: 'postgres',
    adapterName: '@prisma/adapter-pg',
    queryRaw: refuse,
    executeRaw: refuse,
    executeScript: refuse,
    startTransaction: refuse,
    dispose: async () => {},
    getConnectionInfo: () => ({ schemaName: 'public', supportsRelationJoins: true }),
  };
  return bindMigrationAwareSqlAdapterFactory({
    provider: connection.provider,
    adapterName: connection.adapterName,
    connect: async () => connection,
    connectToShadowDb: async () => connection,
  });
}
