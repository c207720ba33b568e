import type pg from 'pg';
import type { StagingPlan, TenantId } from '#libs/domain';
import { SHARE_ERASURE_LOCK } from '../erasure/erasure-sql.js';
import { stagingTable } from './staging-tables.js';

/** Takes rows about erased customers out of what is to be merged; answers the numbers of these rows of the file. */
export async function removeErased(
  client: pg.PoolClient,
  tenantId: TenantId,
  plan: StagingPlan,
): Promise<number[]> {
  await client.query(SHARE_ERASURE_LOCK, [tenantId]);
  const any = await client.query('SELECT FROM erased_customer WHERE tenant_id = $1 LIMIT 1', [tenantId]);
  if (any.rowCount === 0) return [];
  let erased: number[] = [];
  for (const { entity } of [plan, ...plan.stubs]) {
    if (entity !== 'interactions' && entity !== 'customers') continue;
    const { rows } = await client.query<{ row_number: number }>(
      `DELETE FROM ${stagingTable(entity)} AS staged USING erased_customer AS e
        WHERE e.tenant_id = $1 AND e.customer_hash =
          erased_hash((SELECT k.key FROM erasure_key AS k WHERE k.tenant_id = $1), staged.customer_id)
       RETURNING staged.row_number`,
      [tenantId],
    );
    if (entity === plan.entity) erased = rows.map((row) => row.row_number).sort((a, b) => a - b);
  }
  return erased;
}
