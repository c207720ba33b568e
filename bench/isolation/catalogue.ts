import type pg from 'pg';
import { UNNAMED_READS } from './readable.ts';

/** Tables that belong to nobody, each with the reason why no tenant's policy is on it. */
const OF_THE_PLATFORM: Readonly<Record<string, string>> = {
  tenant: 'the list of tenants itself: policies of its own compare id or slug',
  worker_node: 'worker processes; the application may not touch it',
  tenant_erasure: 'receipts of tenants that are gone; the platform alone reads them',
  maintenance_run: 'one for each day of the platform; the application may not touch it',
  template_version: 'what the platform ships: every night reads it, and no tenant is in it',
  template_rollout: 'versions on their way; the application may not touch it',
  template_rollout_event: 'what has become of them; the application may not touch it',
  fleet_audit_entry: 'what operators did to the fleet; the application may not touch it',
  fleet_audit_head: 'the end of that chain; the application may not touch it',
  bulk_action: 'what operators are about to do to many; the application may not touch it',
  fleet_alert_change: 'when operators are alarmed; the application may not touch it',
  account: 'people, who may belong to several tenants; the application may not touch it',
  session: 'comes in before its tenant is known; the application may not touch it',
  _prisma_migrations: 'which migrations have run; no login but the owner may touch it',
};
const GROUPS = [
  'nightshift_app',
  'nightshift_platform',
  'nightshift_serving',
  'nightshift_accounts',
  'nightshift_eraser',
];
/** The same for every tenant. */
const READ_BY_ALL = ['template_version'];
/** Random and long: nobody asks for one that they do not have. */
const RANDOM_IDS = ['api_key_key_id_key', 'invitation_token_sha256_key'];
const ACTS_ON_ALL = `c.relnamespace = 'public'::regnamespace`;

interface Rule {
  readonly rule: string;
  /** Answers a row `name` for each object that breaks it. */
  readonly sql: string;
}

const names = (list: readonly string[]): string => list.map((name) => `'${name}'`).join(', ');

/** What has to hold of everything in the database, so that no new object can be forgotten. */
export const CATALOGUE_RULES: readonly Rule[] = [
  {
    rule: 'every table and partition forces row-level security',
    sql: `SELECT c.relname AS name FROM pg_class c WHERE ${ACTS_ON_ALL} AND c.relkind IN ('r', 'p', 'f')
      AND c.relname <> '_prisma_migrations' AND NOT (c.relrowsecurity AND c.relforcerowsecurity)`,
  },
  {
    rule: 'every table either has a tenant_id or is named with a reason',
    sql: `SELECT c.relname AS name FROM pg_class c WHERE ${ACTS_ON_ALL} AND c.relkind IN ('r', 'p', 'f')
      AND c.relname NOT IN (${names(Object.keys(OF_THE_PLATFORM))}) AND NOT EXISTS (SELECT FROM pg_attribute a
        WHERE a.attrelid = c.oid AND a.attname = 'tenant_id' AND a.attnotnull AND NOT a.attisdropped)`,
  },
  {
    rule: "every tenant's table has the application's policy, for reading and for writing",
    sql: `SELECT c.relname AS name FROM pg_class c WHERE ${ACTS_ON_ALL} AND c.relkind IN ('r', 'p') AND NOT c.relispartition
      AND c.relname NOT IN (${names(Object.keys(OF_THE_PLATFORM))}) AND NOT EXISTS (SELECT FROM pg_policies p
        WHERE p.schemaname = 'public' AND p.tablename = c.relname AND 'nightshift_app' = ANY(p.roles) AND p.cmd = 'ALL'
          AND p.qual LIKE '%tenant_id = %app.tenant_id%' AND p.with_check LIKE '%tenant_id = %app.tenant_id%')`,
  },
  {
    rule: 'no policy of the application lets through what no setting has named',
    sql: `SELECT tablename || '.' || policyname AS name FROM pg_policies WHERE schemaname = 'public'
      AND (roles && ARRAY['nightshift_app', 'nightshift_eraser', 'public']::name[])
      AND NOT (cmd = 'SELECT' AND tablename IN (${names(READ_BY_ALL)}))
      AND (coalesce(qual, with_check) NOT LIKE '%current_setting(''app.%' OR coalesce(with_check, qual) NOT LIKE '%current_setting(''app.%')`,
  },
  {
    rule: 'the application has no right to a table of the platform but to its own row in the list of tenants',
    sql: `SELECT c.relname || ' for ' || g AS name FROM pg_class c, unnest(ARRAY['nightshift_app', 'nightshift_eraser']) AS g
      WHERE ${ACTS_ON_ALL} AND c.relname IN (${names(Object.keys(OF_THE_PLATFORM))}) AND c.relname <> 'tenant'
        AND has_any_column_privilege(g, c.oid,
          CASE WHEN c.relname IN (${names(READ_BY_ALL)}) THEN 'INSERT, UPDATE' ELSE 'SELECT, UPDATE' END)`,
  },
  {
    rule: 'a login of no tenant reads nothing but what is named in bench/isolation/readable.ts',
    sql: UNNAMED_READS,
  },
  {
    rule: 'every partition is reached through its parent alone',
    sql: `SELECT c.relname AS name FROM pg_class c, unnest(ARRAY[${names(GROUPS)}]) AS g WHERE ${ACTS_ON_ALL} AND c.relispartition
      AND c.relkind = 'r' AND has_table_privilege(g, c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')`,
  },
  {
    rule: 'a view asks with the rights of who asks',
    sql: `SELECT c.relname AS name FROM pg_class c WHERE ${ACTS_ON_ALL} AND c.relkind = 'v'
      AND NOT coalesce(c.reloptions @> ARRAY['security_invoker=true'], false)`,
  },
  {
    rule: 'there is no materialised view: it cannot have a policy',
    sql: `SELECT c.relname AS name FROM pg_class c WHERE ${ACTS_ON_ALL} AND c.relkind = 'm'`,
  },
  {
    rule: 'no function runs with the rights of its owner',
    sql: `SELECT p.proname AS name FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef`,
  },
  {
    rule: 'no function is leakproof: a policy would not be asked first',
    sql: `SELECT p.proname AS name FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.proleakproof`,
  },
  {
    rule: 'no login of tenants uses a sequence',
    sql: `SELECT c.relname AS name FROM pg_class c, unnest(ARRAY['nightshift_app', 'nightshift_serving', 'nightshift_eraser']) AS g WHERE ${ACTS_ON_ALL}
      AND c.relkind = 'S' AND has_sequence_privilege(g, c.oid, 'USAGE, SELECT, UPDATE')`,
  },
  {
    rule: 'nothing is granted to everybody',
    sql: `SELECT c.relname AS name FROM pg_class c, aclexplode(c.relacl) AS x WHERE ${ACTS_ON_ALL} AND x.grantee = 0`,
  },
  {
    rule: 'nothing that is made later is granted by default',
    sql: `SELECT defaclobjtype::text AS name FROM pg_default_acl d, aclexplode(d.defaclacl) AS x WHERE x.grantee <> d.defaclrole`,
  },
  {
    rule: 'no login may create anything in the schema, and there is no other schema',
    sql: `SELECT nspname || ' for ' || g AS name FROM pg_namespace, unnest(ARRAY[${names(GROUPS)}]) AS g
      WHERE nspname = 'public' AND has_schema_privilege(g, oid, 'CREATE')
      UNION ALL SELECT nspname FROM pg_namespace WHERE nspname NOT IN ('public', 'information_schema') AND nspname NOT LIKE 'pg\\_%'`,
  },
  {
    rule: 'no group can truncate a table, refer to it or put a trigger on it',
    sql: `SELECT c.relname || ' for ' || g AS name FROM pg_class c, unnest(ARRAY[${names(GROUPS)}]) AS g WHERE ${ACTS_ON_ALL}
      AND c.relkind IN ('r', 'p') AND has_table_privilege(g, c.oid, 'TRUNCATE, REFERENCES, TRIGGER')`,
  },
  {
    rule: 'no group is above policies, or a member of another but the eraser, which is bound as the application is',
    sql: `SELECT r.rolname AS name FROM pg_roles r WHERE r.rolname IN (${names(GROUPS)})
      AND (r.rolsuper OR r.rolbypassrls OR r.rolcreaterole OR r.rolcreatedb OR r.rolcanlogin OR r.rolreplication
        OR EXISTS (SELECT FROM pg_auth_members m WHERE m.member = r.oid AND m.roleid <> 'nightshift_eraser'::regrole))`,
  },
  {
    rule: 'no foreign key joins two tables: it would say what exists',
    sql: `SELECT conname AS name FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace`,
  },
  {
    rule: 'uniqueness is within a tenant, but for random ids and the names of tenants',
    sql: `SELECT i.indexrelid::regclass::text AS name FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
      WHERE ${ACTS_ON_ALL} AND i.indisunique AND NOT c.relispartition AND c.relname NOT IN (${names(Object.keys(OF_THE_PLATFORM))})
      AND i.indexrelid::regclass::text NOT IN (${names(RANDOM_IDS)}) AND NOT EXISTS (SELECT FROM pg_attribute a
        WHERE a.attrelid = c.oid AND a.attnum = i.indkey[0] AND a.attname = 'tenant_id')`,
  },
];

/** @returns one sentence for each object that breaks a rule */
export async function catalogueFindings(client: Pick<pg.Client, 'query'>): Promise<string[]> {
  const findings: string[] = [];
  for (const { rule, sql } of CATALOGUE_RULES) findings.push(...(await findingsOf(client, rule, sql)));
  return findings;
}

async function findingsOf(client: Pick<pg.Client, 'query'>, rule: string, sql: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(sql);
  return [...new Set(rows.map(({ name }) => `${name}: ${rule}`))];
}
