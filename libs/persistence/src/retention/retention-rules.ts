import type { RetentionPolicy } from '#libs/domain';

/** What must stay whatever its age. */
export interface KeptForGood {
  readonly versions: readonly number[];
  readonly runs: readonly string[];
  readonly publications: readonly string[];
}

/** Rows of one table that go: `$1` is the tenant, `$2` the moment before which something is old, `$3` what `kept` picks. */
export interface RetentionRule {
  readonly table: string;
  /** With tenant_id its primary key. */
  readonly key: readonly string[];
  readonly days: (policy: RetentionPolicy) => number | undefined;
  readonly where: string;
  readonly kept?: (kept: KeptForGood) => readonly (number | string)[];
}

const OLD_RUNS = `SELECT run_id FROM run WHERE tenant_id = $1 AND active IS NULL
  AND COALESCE(finished_at, created_at) < $2 AND run_id <> ALL($3::uuid[])`;
const OLD_EXPORTS = `SELECT export_id FROM list_export WHERE tenant_id = $1 AND status NOT IN ('queued', 'running')
  AND COALESCE(finished_at, requested_at) < $2`;
const runs = ({ runs: ids }: KeptForGood) => ids;

/** In this order: what hangs on a run or an export goes before it. */
export const RETENTION_RULES: readonly RetentionRule[] = [
  {
    table: 'run_stage',
    key: ['run_id', 'stage'],
    days: (p) => p.runs,
    where: `run_id IN (${OLD_RUNS})`,
    kept: runs,
  },
  {
    // The newest accepted one is what the next night is compared with.
    table: 'data_quality_report',
    key: ['run_id'],
    days: (p) => p.runs,
    where: `run_id IN (${OLD_RUNS}) AND run_id IS DISTINCT FROM (SELECT q.run_id FROM data_quality_report AS q
      WHERE q.tenant_id = $1 AND q.passed ORDER BY q.created_at DESC LIMIT 1)`,
    kept: runs,
  },
  { table: 'run', key: ['run_id'], days: (p) => p.runs, where: `run_id IN (${OLD_RUNS})`, kept: runs },
  {
    table: 'verdict',
    key: ['run_id', 'lane'],
    days: (p) => p.versions,
    where: 'created_at < $2 AND challenger_version <> ALL($3::integer[])',
    kept: ({ versions }) => versions,
  },
  {
    table: 'publication',
    key: ['publication_id'],
    days: (p) => p.runs,
    where: 'published_at < $2 AND publication_id <> ALL($3::uuid[])',
    kept: ({ publications }) => publications,
  },
  // The newest version stays in any case: numbers go on from it.
  ...(['runs', 'versions'] as const).map((kind): RetentionRule => ({
    table: 'model_version',
    key: ['version'],
    days: (p) => p[kind],
    where: `created_at < $2 AND version <> ALL($3::integer[]) AND (promoted_at IS NULL) = ${kind === 'runs'}
      AND version < (SELECT max(version) FROM model_version WHERE tenant_id = $1)
      AND run_id NOT IN (SELECT run_id FROM run WHERE tenant_id = $1 AND active)`,
    kept: ({ versions }) => versions,
  })),
  { table: 'impression', key: ['event_id'], days: (p) => p.feedback, where: 'shown_at < $2' },
  { table: 'outcome', key: ['event_id'], days: (p) => p.feedback, where: 'occurred_at < $2' },
  {
    table: 'served_answers',
    key: ['day', 'node_id', 'status', 'status_reason'],
    days: (p) => p.feedback,
    where: 'day < $2::timestamptz::date',
  },
  {
    table: 'attributed_purchase',
    key: ['purchase_id'],
    days: (p) => p.feedback,
    where: 'day < $2::timestamptz::date',
  },
  { table: 'interaction', key: ['event_id'], days: (p) => p.interactions, where: 'occurred_at < $2' },
  { table: 'daily_kpi', key: ['day'], days: (p) => p.kpis, where: 'day < $2::timestamptz::date' },
  {
    table: 'import',
    key: ['import_id'],
    days: (p) => p.records,
    where: "status <> 'running' AND COALESCE(finished_at, started_at) < $2",
  },
  {
    table: 'export_event',
    key: ['export_id', 'event_id'],
    days: (p) => p.records,
    where: `export_id IN (${OLD_EXPORTS})`,
  },
  {
    table: 'export_contact',
    key: ['customer_id', 'export_id'],
    days: (p) => p.records,
    where: `export_id IN (${OLD_EXPORTS})`,
  },
  {
    table: 'list_export',
    key: ['export_id'],
    days: (p) => p.records,
    where: `export_id IN (${OLD_EXPORTS})`,
  },
  {
    table: 'operator_visit',
    key: ['visit_id'],
    days: (p) => p.records,
    where: 'COALESCE(ended_at, until) < $2',
  },
  {
    table: 'invitation',
    key: ['invitation_id'],
    days: (p) => p.papers,
    where: 'COALESCE(accepted_at, withdrawn_at, expires_at) < $2',
  },
  {
    table: 'erasure_acknowledgement',
    key: ['erasure_id', 'node_id'],
    days: (p) => p.papers,
    where: 'acknowledged_at < $2',
  },
  { table: 'outbox', key: ['message_id'], days: (p) => p.messages, where: 'delivered_at < $2' },
  {
    table: 'tenant_requests',
    key: ['day', 'node_id'],
    days: (p) => p.quotaCounters,
    where: 'day < $2::timestamptz::date',
  },
];

/** Tables of tenants that no age removes anything from, and why. A test compares both lists with the catalogue. */
export const KEPT_TABLES: Readonly<Record<string, string>> = {
  customer: 'data of the tenant; erasure removes them',
  product: 'data of the tenant',
  offer: 'data of the tenant',
  promotion: 'data of the tenant',
  availability_change: 'written once: who decided what, and why',
  lifecycle_change: 'written once: who decided what, and why',
  registry_change: 'written once, and says which versions are kept',
  offering_change: 'written once: rules and settings by version',
  offering: 'one row',
  serving_pointer: 'one row',
  attribution_state: 'one row',
  watched_tenant: 'one row',
  api_key: 'who had access; nodes must go on refusing what was revoked',
  member: 'as long as they are members',
  erasure_key: 'one row, without which the ledger says nothing',
  erasure: 'receipts',
  erased_customer: 'the ledger: who was erased is not taken in again',
  audit_entry: 'pruned from the front, see `pruneAudit`',
  audit_head: 'one row',
};
