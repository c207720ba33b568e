import type pg from 'pg';
import { ENTITY_KEY, type ImportEntity, type TenantId } from '#libs/domain';
import { snakeCase, stagingColumns, TABLE_OF, type StagingColumn } from './staging-columns.js';
import { stagingTable } from './staging-tables.js';

export interface EntityMerge {
  readonly entity: Exclude<ImportEntity, 'interactions'>;
  /** Fields that the staged rows may fill. */
  readonly provided: readonly string[];
  /**
   * true: the last row of an id is what holds, and its empty fields clear what is stored.
   * false: for each field the newest row that says something holds, and silence leaves what is stored.
   */
  readonly nullClears: boolean;
}

/** Columns that cannot be null, and what stands there when nobody said anything. */
const DEFAULT_OF: Readonly<Record<string, string>> = {
  attributes: "'{}'::jsonb",
  created_at: 'now()',
  product_ids: "'{}'::text[]",
};

/** Inserts or updates the staged rows; the number of rows that are new or different now. */
export async function mergeEntities(
  client: pg.PoolClient,
  tenantId: TenantId,
  merge: EntityMerge,
): Promise<number> {
  const key = snakeCase(ENTITY_KEY[merge.entity]);
  const table = TABLE_OF[merge.entity];
  const columns = stagingColumns(merge.entity).filter(
    ({ field, column }) => column !== key && merge.provided.includes(field),
  );
  const changed = await client.query(
    `WITH latest AS (${latestRows(merge, key, columns)})
     INSERT INTO ${table} (${['tenant_id', key, ...columns.map(({ column }) => column)].join(', ')})
     SELECT ${['$1::integer', `latest.${key}`, ...columns.map((column) => settled(column, merge.nullClears))].join(', ')}
     FROM latest LEFT JOIN ${table} AS stored ON stored.tenant_id = $1::integer AND stored.${key} = latest.${key}
     ${onConflict(table, key, columns)}`,
    [tenantId],
  );
  return changed.rowCount ?? 0;
}

/** One row per id. */
function latestRows(
  { entity, nullClears }: EntityMerge,
  key: string,
  columns: readonly StagingColumn[],
): string {
  const staging = stagingTable(entity);
  if (nullClears) {
    const list = [key, ...columns.map(({ column }) => column)].join(', ');
    return `SELECT DISTINCT ON (${key}) ${list} FROM ${staging} ORDER BY ${key}, row_number DESC`;
  }
  return columns.length === 0 ? `SELECT DISTINCT ${key} FROM ${staging}` : foldedRows(staging, key, columns);
}

function foldedRows(staging: string, key: string, columns: readonly StagingColumn[]): string {
  const newest = columns.map(({ column, type }) => {
    // An array of arrays would have to be rectangular: lists travel as their text.
    const [out, back] = type === 'text[]' ? ['::text', '::text[]'] : ['', ''];
    return `((array_agg(${column}${out} ORDER BY seen_at DESC, row_number DESC) FILTER (WHERE ${column} IS NOT NULL))[1])${back} AS ${column}`;
  });
  return `SELECT ${[key, ...newest].join(', ')} FROM ${staging} GROUP BY ${key}`;
}

/** What the column holds afterwards. */
function settled({ column, convert }: StagingColumn, nullClears: boolean): string {
  const said = convert(`latest.${column}`);
  const fallback = DEFAULT_OF[column];
  // Attributes that one source does not know were told by another: they stay.
  if (column === 'attributes' && !nullClears) {
    return `COALESCE(stored.attributes, '{}'::jsonb) || COALESCE(latest.attributes, '{}'::jsonb)`;
  }
  const keepsStored = !nullClears || column === 'created_at';
  const alternatives = [
    said,
    ...(keepsStored ? [`stored.${column}`] : []),
    ...(fallback === undefined ? [] : [fallback]),
  ];
  return alternatives.length === 1 ? said : `COALESCE(${alternatives.join(', ')})`;
}

/** A row that says nothing new is not touched, so that counting changes counts something. */
function onConflict(table: string, key: string, columns: readonly StagingColumn[]): string {
  if (columns.length === 0) return `ON CONFLICT (tenant_id, ${key}) DO NOTHING`;
  const names = columns.map(({ column }) => column);
  const sets = names.map((name) => `${name} = EXCLUDED.${name}`).join(', ');
  const before = names.map((name) => `${table}.${name}`).join(', ');
  const after = names.map((name) => `EXCLUDED.${name}`).join(', ');
  return `ON CONFLICT (tenant_id, ${key}) DO UPDATE SET ${sets}, updated_at = now() WHERE (${before}) IS DISTINCT FROM (${after})`;
}
