import { randomUUID } from 'node:crypto';
import pg from 'pg';

/** What Postgres answers for a missing right and for a row that a policy refuses. */
export const PERMISSION_DENIED = '42501';

export async function connect(name: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: process.env[name] });
  await client.connect();
  return client;
}

export async function createTenant(platform: pg.Client, slug: string): Promise<number> {
  const sql = `INSERT INTO tenant (slug, name, time_zone) VALUES ($1, $1, 'UTC') RETURNING id`;
  return (await platform.query(sql, [slug])).rows[0].id;
}

export async function tablesOfCatalogue(client: pg.Client, condition: string): Promise<string[]> {
  const { rows } = await client.query(
    `SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
     AND c.relname <> '_prisma_migrations' AND ${condition} ORDER BY 1`,
  );
  return rows.map((row) => row.relname);
}

export async function count(client: pg.Client, table: string): Promise<number> {
  return Number((await client.query(`SELECT count(*) FROM ${table}`)).rows[0].count);
}

export async function isAllowed(client: pg.Client, sql: string): Promise<boolean> {
  try {
    await client.query(sql);
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === PERMISSION_DENIED) return false;
    throw error;
  }
}

/**
 * One row in every table that belongs to tenants, built from the catalogue: a new table cannot be forgotten here. What the
 * application only reads is written by the accounts' login.
 */
export async function fill(
  logins: { readonly app: pg.Client; readonly accounts: pg.Client },
  tenantTables: readonly string[],
  tenantId: number,
): Promise<void> {
  const { rows } = await logins.app.query(
    `SELECT name FROM unnest($1::text[]) AS name WHERE NOT has_table_privilege(name, 'INSERT')`,
    [tenantTables],
  );
  const foreign = new Set(rows.map((row) => row.name));
  await fillTables(
    logins.app,
    tenantTables.filter((table) => !foreign.has(table)),
    tenantId,
  );
  await fillTables(logins.accounts, [...foreign], tenantId);
}

async function fillTables(app: pg.Client, tables: readonly string[], tenantId: number): Promise<void> {
  await app.query('BEGIN');
  await app.query(`SELECT set_config('app.tenant_id', $1, true)`, [String(tenantId)]);
  for (const table of tables) {
    const { rows: columns } = await app.query(
      `SELECT a.attname AS name, format_type(a.atttypid, NULL) AS type,
              (SELECT enumlabel FROM pg_enum e WHERE e.enumtypid = a.atttypid ORDER BY enumsortorder LIMIT 1) AS label
       FROM pg_attribute a WHERE a.attrelid = $1::regclass AND a.attnum > 0 AND a.attnotnull AND NOT a.atthasdef`,
      [table],
    );
    const names = columns.map((column) => `"${column.name}"`).join(', ');
    const places = columns.map((_, index) => `$${index + 1}`).join(', ');
    const values = columns.map((column) => valueFor(column, tenantId));
    await app.query(`INSERT INTO ${table} (${names}) VALUES (${places}) ON CONFLICT DO NOTHING`, values);
  }
  await app.query('COMMIT');
}

function valueFor(
  { name, type, label }: { name: string; type: string; label: string | null },
  tenantId: number,
): unknown {
  if (name === 'tenant_id') return tenantId;
  if (name === 'customer_id') return 'c1';
  if (name === 'token_sha256') return randomUUID();
  if (name === 'key_id') return `key-${tenantId}`; // unique over all tenants
  if (label !== null) return label;
  if (type === 'uuid') return randomUUID();
  if (type === 'jsonb') return '{}';
  if (type === 'boolean') return true;
  if (type.startsWith('timestamp') || type === 'date') return new Date();
  return /int|double|real|numeric/.test(type) ? 1 : 'x';
}

/** What `work` sees while the connection names this tenant; nothing of it stays. */
export async function inContext<T>(
  app: pg.Client,
  tenantId: number | string,
  work: () => Promise<T>,
): Promise<T> {
  await app.query('BEGIN');
  try {
    await app.query(`SELECT set_config('app.tenant_id', $1, true)`, [String(tenantId)]);
    return await work();
  } finally {
    await app.query('ROLLBACK');
  }
}

/** Rows that the statement reaches from this tenant's context; being denied reaches none. */
export async function affectedOrDenied(
  app: pg.Client,
  tenantId: number,
  sql: string,
  values: unknown[],
): Promise<number> {
  try {
    return (await inContext(app, tenantId, () => app.query(sql, values))).rowCount ?? -1;
  } catch (error) {
    if ((error as { code?: string }).code === PERMISSION_DENIED) return 0;
    throw error;
  }
}
