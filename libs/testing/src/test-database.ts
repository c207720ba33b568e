import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { createPostgresPool, TenantDatabase } from '#libs/persistence';

/** One database under the three logins that the programs use, and the administrator's for looking behind the scenes. */
export interface TestDatabase {
  /** One tenant at a time. */
  readonly tenants: TenantDatabase;
  readonly app: pg.Pool;
  readonly platform: pg.Pool;
  readonly serving: pg.Pool;
  readonly accounts: pg.Pool;
  readonly admin: pg.Pool;
  close(): Promise<void>;
}

type Urls = Readonly<Record<'app' | 'platform' | 'serving' | 'accounts' | 'admin', string>>;

const VARIABLES = {
  app: 'TEST_DATABASE_URL',
  platform: 'TEST_PLATFORM_DATABASE_URL',
  serving: 'TEST_SERVING_DATABASE_URL',
  accounts: 'TEST_ACCOUNTS_DATABASE_URL',
  admin: 'TEST_ADMIN_DATABASE_URL',
} as const;
const MIGRATIONS = 'prisma/migrations';
/** As many connections as a test opens at once: twenty claims, each with its own. */
const CONNECTIONS = 20;

/** The database that all integration tests share: never empty, never one's own. */
export async function openTestDatabase(environment: NodeJS.ProcessEnv): Promise<TestDatabase> {
  return connect(urlsFrom(environment), async () => {});
}

/** An empty database of one's own, for what looks at the whole fleet. */
export async function createTestDatabase(environment: NodeJS.ProcessEnv): Promise<TestDatabase> {
  const shared = urlsFrom(environment);
  const name = `nightshift_test_${randomBytes(6).toString('hex')}`;
  await asAdmin(shared.admin, `CREATE DATABASE ${name}`);
  const urls = Object.fromEntries(
    Object.entries(shared).map(([login, url]) => [login, withDatabase(url, name)]),
  ) as unknown as Urls;
  const entries = await readdir(MIGRATIONS, { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const folder of entries.filter((entry) => entry.isDirectory())) {
    await asAdmin(urls.admin, await readFile(join(MIGRATIONS, folder.name, 'migration.sql'), 'utf8'));
  }
  return connect(urls, () => asAdmin(shared.admin, `DROP DATABASE ${name} WITH (FORCE)`));
}

function urlsFrom(environment: NodeJS.ProcessEnv): Urls {
  const entries = Object.entries(VARIABLES).map(([login, variable]) => {
    const url = environment[variable];
    if (url === undefined)
      throw new Error(`${variable} is not set: run this spec through the integration project of Jest.`);
    return [login, url];
  });
  return Object.fromEntries(entries) as Urls;
}

function connect(urls: Urls, afterwards: () => Promise<void>): TestDatabase {
  const pool = (connectionString: string) =>
    createPostgresPool({ connectionString, max: CONNECTIONS, applicationName: 'nightshift-test' });
  const [app, platform, serving, accounts, admin] = [
    pool(urls.app),
    pool(urls.platform),
    pool(urls.serving),
    pool(urls.accounts),
    pool(urls.admin),
  ];
  const tenants = new TenantDatabase(app);
  const close = async () => {
    await tenants.close();
    await Promise.all([platform.end(), serving.end(), accounts.end(), admin.end()]);
    await afterwards();
  };
  return { tenants, app, platform, serving, accounts, admin, close };
}

async function asAdmin(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.toString();
}
