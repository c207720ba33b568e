import type pg from 'pg';
import type { MergeCounts, StagingPlan, TenantId } from '#libs/domain';
import { stagingColumns } from './staging-columns.js';
import { stagingTable } from './staging-tables.js';

const UNIQUE_VIOLATION = '23505';

/** Moves staged interactions into the tenant's partition; what is known by its eventId stays as it is. */
export async function mergeInteractions(
  client: pg.PoolClient,
  tenantId: TenantId,
  importId: string,
  plan: StagingPlan,
  staged: number,
): Promise<Omit<MergeCounts, 'erased'>> {
  const statement = insertUnknown(plan);
  const parameters = [tenantId, importId];
  await client.query('SAVEPOINT before_merge');
  try {
    const accepted = (await client.query(statement, parameters)).rowCount ?? 0;
    return { accepted, alreadyKnown: staged - accepted };
  } catch (error) {
    if ((error as { code?: unknown }).code !== UNIQUE_VIOLATION) throw error;
  }
  // Somebody other than an import wrote one of these events in the meantime.
  await client.query('ROLLBACK TO SAVEPOINT before_merge');
  const accepted = (await client.query(`${statement} ON CONFLICT DO NOTHING`, parameters)).rowCount ?? 0;
  return { accepted, alreadyKnown: staged - accepted };
}

/**
 * The unknown rows are looked up as a set: ON CONFLICT, which asks the index row by row and logs each insertion twice, was
 * slower, above all for a file that is known. Sorted by key, they also enter the index side by side.
 */
function insertUnknown(plan: StagingPlan): string {
  const columns = stagingColumns('interactions').filter(({ field }) => plan.provided.includes(field));
  const names = columns.map(({ column }) => column).join(', ');
  const values = columns.map(({ column, convert }) => convert(`staged.${column}`)).join(', ');
  return `INSERT INTO interaction (tenant_id, import_id, ${names})
    SELECT $1::integer, $2::uuid, ${values}
    FROM (${plan.countsOccurrences ? numbered(columns) : firstOfEach(columns)}) AS staged
    WHERE NOT EXISTS (
      SELECT FROM interaction AS stored WHERE stored.tenant_id = $1::integer AND stored.event_id = staged.event_id)`;
}

type Columns = readonly { readonly column: string }[];

/** Always numbered, also the first: "key#1" of this file can then never be the natural key of another one. */
function numbered(columns: Columns): string {
  const others = columns.map(({ column }) => column).filter((column) => column !== 'event_id');
  const eventId =
    "event_id || '#' || row_number() OVER (PARTITION BY event_id ORDER BY row_number) AS event_id";
  return `SELECT ${[eventId, ...others].join(', ')} FROM ${stagingTable('interactions')}`;
}

function firstOfEach(columns: Columns): string {
  const names = columns.map(({ column }) => column).join(', ');
  return `SELECT DISTINCT ON (event_id) ${names} FROM ${stagingTable('interactions')} ORDER BY event_id, row_number`;
}
