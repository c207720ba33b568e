/** What logins of no tenant read of all tenants' rows, each for its work: whoever grants more names it here. `*`: the whole table. */
const READABLE: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  // Plans nights, admits runs, ends what is due.
  nightshift_platform: {
    ...{ tenant: '*', run: '*', run_stage: '*', worker_node: '*', outbox: '*', lifecycle_change: '*' },
    ...{ audit_head: '*', tenant_erasure: '*', maintenance_run: '*' },
    ...{ template_version: '*', template_rollout: '*', template_rollout_event: '*' },
    ...{ fleet_audit_entry: '*', fleet_audit_head: '*', bulk_action: '*', fleet_alert_change: '*' },
    tenant_requests: 'tenant_id day requests',
    // Its planner's rows are told to whoever looks at the tenant.
    watched_tenant: 'tenant_id until',
    // Its policy shows sessions that are over.
    session: 'expires_at',
    list_export: 'tenant_id export_id status attempt lease_until requested_at expires_at',
    erasure: 'tenant_id erasure_id subject status attempt not_before lease_until',
  },
  // Answers in the day: pointers, hashes of keys, rules, what is not offered. No customer and no product's name.
  nightshift_serving: {
    tenant: 'id slug state state_changed_at time_zone requests_per_day',
    api_key: 'tenant_id key_id name secret_sha256 scopes expires_at revoked_at last_used_at',
    offering: 'tenant_id revision rules_version reranking_version',
    offering_change: 'tenant_id kind version document',
    product: 'tenant_id product_id retired_at available_from hidden',
    served_answers: 'tenant_id day node_id status status_reason answers flush',
    tenant_requests: 'tenant_id day node_id requests',
    ...{ serving_pointer: '*', erasure_key: '*', erased_customer: '*' },
  },
  // Lets people in; of tenants only what they are called.
  nightshift_accounts: {
    ...{ account: '*', session: '*', member: '*', invitation: '*', operator_visit: '*', audit_head: '*' },
    tenant: 'id slug name',
  },
};

const NAMED = Object.entries(READABLE).flatMap(([group, tables]) =>
  Object.entries(tables).flatMap(([table, columns]) =>
    columns.split(' ').map((column) => `${group}.${table}.${column}`),
  ),
);

/** Answers a row `name` for each column that such a login reads and that is not named above. */
export const UNNAMED_READS = `SELECT g || ' reads ' || c.relname || '.' || a.attname AS name
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped,
    unnest(ARRAY[${list(Object.keys(READABLE))}]) AS g
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'f') AND NOT c.relispartition
    AND has_column_privilege(g, c.oid, a.attnum, 'SELECT')
    AND NOT (format('%s.%s.*', g, c.relname) = ANY(ARRAY[${list(NAMED)}]) OR format('%s.%s.%s', g, c.relname, a.attname) = ANY(ARRAY[${list(NAMED)}]))`;

function list(texts: readonly string[]): string {
  return texts.map((text) => `'${text}'`).join(', ');
}
