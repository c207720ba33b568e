import type pg from 'pg';
import {
  RetentionRepository,
  type Pruned,
  type RetentionPolicy,
  type RetentionRequest,
  type TenantId,
} from '#libs/domain';
import type { TenantDatabase } from '../database/tenant-database.js';
import { BECOME_ERASER } from '../erasure/erasure-sql.js';
import { keptRecords } from '../registry/kept-records.js';
import { lastJudged } from '../registry/last-judged.js';
import { pruneAudit } from './prune-audit.js';
import { RETENTION_RULES, type KeptForGood, type RetentionRule } from './retention-rules.js';

/** One transaction deletes no more than this: it is over within a moment, and nobody waits for its locks. */
const BATCH_ROWS = 5_000;
const DAY_MS = 86_400_000;

export class PostgresRetentionRepository extends RetentionRepository {
  constructor(private readonly database: TenantDatabase) {
    super();
  }

  override async prune(
    tenantId: TenantId,
    policy: RetentionPolicy,
    { now, keptVersions, dryRun }: RetentionRequest,
  ): Promise<Pruned> {
    const kept = await this.keptForGood(tenantId, keptVersions);
    const pruned: Record<string, number> = {};
    const ago = (days: number) => new Date(now.getTime() - days * DAY_MS);
    if (!dryRun) await this.noteFeedback(tenantId, ago(policy.feedback));
    for (const rule of RETENTION_RULES) {
      const days = rule.days(policy);
      if (days === undefined) continue;
      const count = await this.apply(tenantId, rule, ago(days), kept, dryRun);
      if (count > 0) pruned[rule.table] = (pruned[rule.table] ?? 0) + count;
    }
    const entries = await this.database.runBulk(tenantId, (client) =>
      pruneAudit(client, tenantId, ago(policy.audit), dryRun),
    );
    return entries > 0 ? { ...pruned, audit_entry: entries } : pruned;
  }

  private async apply(
    tenantId: TenantId,
    rule: RetentionRule,
    before: Date,
    kept: KeptForGood,
    dryRun: boolean,
  ): Promise<number> {
    const values = [tenantId, before, ...(rule.kept === undefined ? [] : [rule.kept(kept)])];
    if (dryRun) return this.database.readSnapshot(tenantId, (client) => countRows(client, rule, values));
    let total = 0;
    for (let deleted = BATCH_ROWS; deleted === BATCH_ROWS;) {
      deleted = await this.database.runBulk(tenantId, (client) => deleteRows(client, rule, values));
      total += deleted;
    }
    return total;
  }

  /** What is served or may be served again, and what the next night looks back at. */
  private keptForGood(tenantId: TenantId, keptVersions: number): Promise<KeptForGood> {
    return this.database.run(tenantId, async (prisma) => {
      const { publications, artifacts } = await keptRecords(prisma, tenantId, keptVersions);
      const judged = await lastJudged(prisma, tenantId);
      const versions = [...publications, ...artifacts].map(({ modelVersion }) => modelVersion);
      return {
        versions: [...new Set(versions)],
        runs: [...publications.map(({ runId }) => runId), ...(judged === undefined ? [] : [judged.runId])],
        publications: publications.map(({ publicationId }) => publicationId),
      };
    });
  }

  /** Before it is gone: days whose events are no longer all there must not be counted anew. */
  private noteFeedback(tenantId: TenantId, before: Date): Promise<void> {
    return this.database.runBulk(tenantId, async (client) => {
      await client.query(
        `UPDATE attribution_state SET feedback_pruned_before = $2::timestamptz::date
          WHERE tenant_id = $1 AND first_day < $2::timestamptz::date
            AND COALESCE(feedback_pruned_before, '-infinity') < $2::timestamptz::date`,
        [tenantId, before],
      );
    });
  }
}

async function countRows(client: pg.PoolClient, rule: RetentionRule, values: unknown[]): Promise<number> {
  const sql = `SELECT count(*)::integer AS count FROM ${rule.table} WHERE tenant_id = $1 AND ${rule.where}`;
  return (await client.query<{ count: number }>(sql, values)).rows[0].count;
}

async function deleteRows(client: pg.PoolClient, rule: RetentionRule, values: unknown[]): Promise<number> {
  const key = `(${rule.key.join(', ')})`;
  const where = `tenant_id = $1 AND ${rule.where}`;
  await client.query(BECOME_ERASER);
  // Told again outside: what has changed since it was chosen stays.
  const { rowCount } = await client.query(
    `DELETE FROM ${rule.table} WHERE ${key} IN
       (SELECT ${rule.key.join(', ')} FROM ${rule.table} WHERE ${where} LIMIT ${BATCH_ROWS}) AND ${where}`,
    values,
  );
  await client.query('RESET ROLE');
  return rowCount ?? 0;
}
