import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type pg from 'pg';

type Picture = ReadonlyMap<string, string>;

/** What programs note for a tenant of their own accord, a minute late: how often it was asked, what a node has forgotten. */
const OWN_NOTES = new Set(['served_answers', 'erasure_acknowledgement']);

/** Everything that a tenant has, as checksums: each table's rows and each file. */
export class Witness {
  private readonly admin: pg.Client | pg.Pool;
  private readonly tables: readonly string[];
  private readonly tenantId: number;
  private readonly stateDir: string | undefined;

  private constructor(
    admin: pg.Client | pg.Pool,
    tables: readonly string[],
    tenantId: number,
    stateDir: string | undefined,
  ) {
    this.admin = admin;
    this.tables = tables;
    this.tenantId = tenantId;
    this.stateDir = stateDir;
  }

  static async of(admin: pg.Client | pg.Pool, tenantId: number, stateDir?: string): Promise<Witness> {
    return new Witness(admin, await tenantTables(admin), tenantId, stateDir);
  }

  /** @param quiet the tenant itself has done nothing for a minute, so that nothing at all may change */
  async look(quiet = false): Promise<Picture> {
    const tables = this.tables.filter((table) => quiet || !OWN_NOTES.has(table));
    const parts = tables.map(
      (
        table,
      ) => `SELECT '${table}' AS name, md5(coalesce(string_agg(r, E'\\n' ORDER BY r), '')) AS sum, count(*) AS rows
        FROM (SELECT (to_jsonb(t) ${quiet ? '' : `- 'last_used_at'`})::text AS r FROM ${table} t WHERE tenant_id = $1) AS x`,
    );
    parts.push(`SELECT 'tenant', md5(string_agg(t::text, '')), count(*) FROM tenant t WHERE id = $1`);
    for (const table of ['account', 'session']) parts.push(ofMembers(table));
    const { rows } = await this.admin.query<{ name: string; sum: string; rows: string }>(
      parts.join(' UNION ALL '),
      [this.tenantId],
    );
    const picture = new Map(rows.map(({ name, sum, rows: count }) => [name, `${count} rows ${sum}`]));
    for (const file of this.files()) picture.set(file, hashOf(file));
    return picture;
  }

  files(): string[] {
    if (this.stateDir === undefined) return [];
    const id = String(this.tenantId);
    const folders = ['artifacts/tenants', 'lists', 'imports', 'exports'].map((name) => path.join(name, id));
    const files = folders.flatMap((folder) => filesBelow(path.join(this.stateDir ?? '', folder)));
    // LMDB's lock file says who is reading.
    return files.filter((file) => !file.endsWith('-lock'));
  }
}

/** People stand beside tenants: those who belong to this one, and where they are signed in. Who knows an address can lock it, and sessions that are over go. */
const ofMembers = (table: string): string =>
  `SELECT '${table}', md5(coalesce(string_agg(r, E'\\n' ORDER BY r), '')), count(*)
   FROM (SELECT (to_jsonb(t) - ARRAY['seen_at', 'failed_sign_ins', 'locked_until'])::text AS r FROM ${table} t
     WHERE account_id IN (SELECT account_id FROM member WHERE tenant_id = $1)
       ${table === 'session' ? 'AND expires_at > now()' : ''}) AS x`;

export async function tenantTables(admin: pg.Client | pg.Pool): Promise<string[]> {
  const { rows } = await admin.query<{ relname: string }>(
    `SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
       AND NOT c.relispartition AND EXISTS (SELECT FROM pg_attribute a
         WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND NOT a.attisdropped) ORDER BY 1`,
  );
  return rows.map(({ relname }) => relname);
}

export function differences(before: Picture, after: Picture): string[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names]
    .filter((name) => before.get(name) !== after.get(name))
    .map((name) => `changed: ${name} (${before.get(name) ?? 'nothing'} → ${after.get(name) ?? 'nothing'})`);
}

export function filesBelow(folder: string): string[] {
  try {
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    return names.map((name) => path.join(folder, name)).filter((file) => statSync(file).isFile());
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

const hashOf = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');
