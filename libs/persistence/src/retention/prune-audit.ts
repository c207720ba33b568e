import type pg from 'pg';
import type { TenantId } from '#libs/domain';
import { BECOME_ERASER } from '../erasure/erasure-sql.js';

/** The trail is cut this seldom, because each cut is an entry itself. */
const EVERY_DAYS = 30;

/**
 * Takes the oldest entries off the chain. An entry in the chain says up to which one, and with what hash that one ended: whoever
 * verifies begins there.
 */
export async function pruneAudit(
  client: pg.PoolClient,
  tenantId: TenantId,
  before: Date,
  dryRun: boolean,
): Promise<number> {
  const { rows: first } = await client.query<{ is_due: boolean }>(
    `SELECT at < $2::timestamptz - make_interval(days => ${EVERY_DAYS}) AS is_due
       FROM audit_entry WHERE tenant_id = $1 ORDER BY sequence LIMIT 1`,
    [tenantId, before],
  );
  if (first.at(0)?.is_due !== true) return 0;
  // Up to the first that stays: entries are in order, their clocks need not be. The last one stays in any case.
  const { rows } = await client.query<{ entries: number; through: string; sha256: string }>(
    `SELECT count(*)::integer AS entries, max(sequence) AS through,
            (array_agg(sha256 ORDER BY sequence DESC))[1] AS sha256
       FROM audit_entry WHERE tenant_id = $1
        AND sequence < COALESCE((SELECT min(sequence) FROM audit_entry WHERE tenant_id = $1 AND at >= $2),
                                (SELECT max(sequence) FROM audit_entry WHERE tenant_id = $1))`,
    [tenantId, before],
  );
  const [{ entries, through, sha256 }] = rows;
  if (entries === 0) return 0;
  if (dryRun) return entries;
  const detail = { through: Number(through), sha256, entries };
  await client.query(`SELECT append_audit($1, 'audit.pruned', 'retention', NULL, NULL, $2::jsonb)`, [
    tenantId,
    JSON.stringify(detail),
  ]);
  await client.query(BECOME_ERASER);
  await client.query('DELETE FROM audit_entry WHERE tenant_id = $1 AND sequence <= $2', [tenantId, through]);
  await client.query('RESET ROLE');
  return entries;
}
