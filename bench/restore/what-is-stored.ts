// What a tenant has in the database and on the disk, compared and searched past everything that the programs do.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { query } from '../platform/test-platform.ts';

export interface TableState {
  readonly rows: number;
  readonly hash: string;
}

/** Messages are delivered and workers report whatever else happens. */
const RESTLESS = new Set(['outbox', 'worker_node']);

/** Rows and a hash of all of them, table by table, in one snapshot of the database. */
export async function tableStates(adminUrl: string): Promise<Map<string, TableState>> {
  const tables = (await tableNames(adminUrl)).filter((name) => !RESTLESS.has(name));
  const parts = tables.map(
    (name) =>
      `SELECT '${name}' AS name, count(*)::integer AS rows, COALESCE(sum(hashtextextended(t::text, 0)::numeric), 0)::text AS hash FROM "${name}" AS t`,
  );
  const rows = await query<TableState & { name: string }>(adminUrl, parts.join(' UNION ALL '));
  return new Map(rows.map(({ name, ...state }) => [name, state]));
}

export function differingTables(some: Map<string, TableState>, others: Map<string, TableState>): string[] {
  return [...some.keys()].filter((name) => others.get(name)?.hash !== some.get(name)?.hash);
}

export function totalRows(states: Map<string, TableState>): number {
  return [...states.values()].reduce((sum, { rows }) => sum + rows, 0);
}

/** Tables and files that hold this text, in whatever column or byte. */
export async function placesOf(adminUrl: string, stateDir: string, text: string): Promise<string[]> {
  const places: string[] = [];
  for (const name of await tableNames(adminUrl)) {
    const found = await query(
      adminUrl,
      `SELECT 1 FROM "${name}" AS t WHERE strpos(t::text, $1) > 0 LIMIT 1`,
      [text],
    );
    if (found.length > 0) places.push(`table ${name}`);
  }
  for (const folder of ['artifacts', 'lists', 'imports', 'exports', 'erasures', 'serving']) {
    for (const file of filesBelow(path.join(stateDir, folder)))
      if (readFileSync(file).includes(text)) places.push(path.relative(stateDir, file));
  }
  return places;
}

function filesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name));
  } catch {
    return [];
  }
}

async function tableNames(adminUrl: string): Promise<string[]> {
  const rows = await query<{ name: string }>(
    adminUrl,
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
      AND NOT relispartition AND relname <> '_prisma_migrations' ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
}
