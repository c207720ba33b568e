import type pg from 'pg';
import type { MergeCounts, StagingPlan, TenantId } from '#libs/domain';
import { stagingColumns } from './staging-columns.js';
import { stagingTable } from './staging-tables.js';

/** Moves staged interactions into the tenant's partition; what is known by its eventId stays as it is. */
export async function mergeInteractions(
  client: pg.PoolClient,
  tenantId: TenantId,
  importId: string,
  plan: StagingPlan,
  staged: number,
): Promise<MergeCounts> {
  const columns = stagingColumns('interactions').filter(({ field }) => plan.provided.includes(field));
  const names = columns.map(({ column }) => column);
  const values = columns.map(({ field, column, convert }) =>
    field === 'eventId' && plan.countsOccurrences ? OCCURRENCE : convert(column),
  );
  const inserted = await client.query(
    `INSERT INTO interaction (tenant_id, import_id, ${names.join(', ')})
     SELECT $1::integer, $2::uuid, ${values.join(', ')}
     FROM ${stagingTable('interactions')}
     ON CONFLICT DO NOTHING`,
    [tenantId, importId],
  );
  const accepted = inserted.rowCount ?? 0;
  return { accepted, alreadyKnown: staged - accepted };
}

// Always numbered, also the first: "key#1" of this file can then never be the natural key of another one.
const OCCURRENCE = "event_id || '#' || row_number() OVER (PARTITION BY event_id ORDER BY row_number)";
