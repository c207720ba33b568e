import type { TrialTenant } from './trial-tenant.ts';

export interface SqlTrick {
  readonly name: string;
  readonly sql: readonly string[];
  /** Rows are no finding, only what stands in them: of A's own there may be some. */
  readonly mayAnswer?: true;
}

const LEAKY = `CREATE FUNCTION pg_temp.leaky(t text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS
  $$ BEGIN RAISE NOTICE 'saw %', t; RETURN true; END $$`;

/** Ways around a policy that have worked somewhere once, as statements in A's transaction. */
export function SQL_TRICKS(a: TrialTenant, b: TrialTenant, superuser: string): SqlTrick[] {
  const roles = [
    'nightshift_platform',
    'nightshift_serving',
    'nightshift_accounts',
    superuser,
    'pg_read_all_data',
    'pg_monitor',
  ];
  const foreign = `SELECT * FROM customer WHERE tenant_id <> ${a.id}`;
  return [
    ...roles.map((role) => ({ name: `SET ROLE ${role}`, sql: [`SET ROLE ${role}`, foreign] })),
    ...roles.map((role) => ({
      name: `SET SESSION AUTHORIZATION ${role}`,
      sql: [`SET SESSION AUTHORIZATION ${role}`, foreign],
    })),
    { name: 'row_security off', sql: ['SET LOCAL row_security = off', foreign] },
    { name: 'RESET of the tenant', sql: ['RESET app.tenant_id', foreign] },
    { name: 'RESET ALL', sql: ['RESET ALL', 'SELECT * FROM customer'] },
    { name: 'DISCARD', sql: ['SET LOCAL app.tenant_id TO DEFAULT', 'SELECT * FROM customer'] },
    { name: 'replica role', sql: ['SET LOCAL session_replication_role = replica', foreign] },
    { name: 'a policy of its own', sql: ['CREATE POLICY mine ON customer USING (true)', foreign] },
    { name: 'policies switched off', sql: ['ALTER TABLE customer DISABLE ROW LEVEL SECURITY', foreign] },
    { name: 'not forced', sql: ['ALTER TABLE customer NO FORCE ROW LEVEL SECURITY', foreign] },
    {
      name: 'a view',
      sql: [
        'CREATE TEMP VIEW all_customers AS SELECT * FROM customer',
        `SELECT * FROM all_customers WHERE tenant_id <> ${a.id}`,
      ],
    },
    {
      name: 'a function that sees rows before the policy',
      sql: [LEAKY, 'SELECT 1 FROM customer WHERE pg_temp.leaky(customer_id)'],
      mayAnswer: true,
    },
    {
      name: 'a function in an index condition',
      sql: [LEAKY, `SELECT 1 FROM product WHERE tenant_id = ${b.id} AND pg_temp.leaky(name)`],
    },
    {
      name: 'an operator of its own',
      sql: [LEAKY, `SELECT 1 FROM interaction WHERE pg_temp.leaky(event_id) OR tenant_id = ${b.id} LIMIT 5`],
      mayAnswer: true,
    },
    {
      name: 'an error as an oracle: a cast',
      sql: [`SELECT customer_id::integer FROM customer WHERE tenant_id = ${b.id}`],
    },
    {
      name: 'an error as an oracle: a division',
      sql: [`SELECT 1 / (CASE WHEN count(*) > 0 THEN 0 ELSE 1 END) FROM customer WHERE tenant_id = ${b.id}`],
      mayAnswer: true,
    },
    {
      name: 'a shadow before the schema',
      sql: [
        'CREATE TEMP TABLE customer (LIKE public.customer)',
        'SET LOCAL search_path = pg_temp, public',
        `SELECT * FROM public.customer WHERE tenant_id <> ${a.id}`,
      ],
    },
    {
      name: 'a function that runs as its owner',
      sql: [
        'CREATE FUNCTION public.mine() RETURNS SETOF customer LANGUAGE sql SECURITY DEFINER AS $$ SELECT * FROM customer $$',
        'SELECT * FROM public.mine()',
      ],
    },
    {
      name: 'EXPLAIN ANALYZE',
      sql: [`EXPLAIN (ANALYZE, FORMAT TEXT) SELECT * FROM customer WHERE tenant_id = ${b.id}`],
      mayAnswer: true,
    },
    { name: 'COPY to the caller', sql: [`COPY customer TO '/tmp/nightshift-copy'`] },
    { name: 'COPY from a program', sql: [`COPY customer FROM PROGRAM 'cat /etc/passwd'`] },
    { name: "the server's files", sql: [`SELECT pg_read_file('postgresql.conf')`] },
    { name: "the server's folders", sql: [`SELECT pg_ls_dir('.')`] },
    { name: 'a large object from a file', sql: [`SELECT lo_import('/etc/passwd')`] },
    { name: 'large objects', sql: ['SELECT loid, data FROM pg_largeobject'] },
    {
      name: 'statistics of columns',
      sql: [
        `SELECT tablename, most_common_vals::text, histogram_bounds::text FROM pg_stats WHERE schemaname = 'public'`,
      ],
      mayAnswer: true,
    },
    { name: 'raw statistics', sql: ['SELECT stavalues1 FROM pg_statistic'] },
    {
      name: 'what others ask now',
      sql: ['SELECT pid, query, application_name FROM pg_stat_activity'],
      mayAnswer: true,
    },
    { name: 'prepared statements', sql: ['SELECT statement FROM pg_prepared_statements'], mayAnswer: true },
    { name: 'cursors', sql: ['SELECT statement FROM pg_cursors'], mayAnswer: true },
    { name: 'passwords', sql: ['SELECT rolname, rolpassword FROM pg_authid'] },
    { name: 'user mappings', sql: ['SELECT * FROM pg_user_mapping'] },
    { name: 'settings of roles', sql: ['SELECT * FROM pg_db_role_setting WHERE setdatabase <> 0'] },
    { name: 'a partition past its parent', sql: ['SELECT * FROM interaction_p00'] },
    {
      name: 'every partition past its parent',
      sql: [
        `SELECT query_to_xml(format('SELECT * FROM %I', relname), true, false, '') FROM pg_class WHERE relispartition AND relkind = 'r'`,
      ],
    },
    { name: 'a sequence', sql: ['SELECT last_value FROM tenant_id_seq'] },
    { name: 'the next of a sequence', sql: [`SELECT nextval('tenant_id_seq')`] },
    {
      name: 'a whole schema as XML',
      sql: [`SELECT schema_to_xml('public', true, false, '')`],
      mayAnswer: true,
    },
    {
      name: 'a query in a string',
      sql: [`SELECT query_to_xml('SELECT * FROM customer WHERE tenant_id = ${b.id}', true, false, '')`],
      mayAnswer: true,
    },
    {
      name: 'a DO block',
      sql: [
        `DO $$ DECLARE r record; BEGIN FOR r IN SELECT * FROM customer WHERE tenant_id = ${b.id} LOOP RAISE NOTICE '%', r; END LOOP; END $$`,
      ],
    },
    {
      name: 'ON CONFLICT with a foreign row',
      sql: [
        `INSERT INTO customer (tenant_id, customer_id) VALUES (${b.id}, 'shared-customer') ON CONFLICT (tenant_id, customer_id) DO UPDATE SET region = 'mine' RETURNING *`,
      ],
    },
    {
      name: 'a foreign key of its own',
      sql: [
        'CREATE TEMP TABLE mine (t integer, c text, FOREIGN KEY (t, c) REFERENCES customer)',
        `INSERT INTO mine VALUES (${b.id}, 'shared-customer')`,
      ],
    },
    {
      name: 'a trigger of its own',
      sql: [`CREATE TRIGGER mine AFTER INSERT ON customer EXECUTE FUNCTION announce_retirement()`],
    },
    { name: 'the trigger of retirements as a function', sql: ['SELECT announce_retirement()'] },
    { name: "B's row in the table of tenants", sql: [`SELECT * FROM tenant WHERE id <> ${a.id}`] },
    { name: "B's state", sql: [`UPDATE tenant SET state = 'off' WHERE id = ${b.id} RETURNING *`] },
    { name: "B's keys", sql: [`SELECT * FROM api_key WHERE tenant_id <> ${a.id}`] },
    { name: 'people', sql: ['SELECT * FROM account'] },
    { name: 'sessions', sql: ['SELECT * FROM session'] },
    { name: 'links of invitations', sql: ['SELECT token_sha256 FROM invitation'] },
    { name: 'receipts of other tenants', sql: ['SELECT * FROM tenant_erasure'] },
    { name: 'workers', sql: ['SELECT * FROM worker_node'] },
    { name: 'a publication', sql: ['CREATE PUBLICATION mine FOR ALL TABLES'] },
    { name: 'two-phase', sql: [`PREPARE TRANSACTION 'mine'`, foreign] },
    { name: 'another database', sql: ['CREATE EXTENSION dblink'] },
    { name: 'an untrusted language', sql: ['CREATE EXTENSION plpython3u'] },
    { name: 'statistics of statements', sql: ['CREATE EXTENSION pg_stat_statements'] },
    { name: 'an array of tenants', sql: [`SELECT * FROM customer WHERE tenant_id = ANY(ARRAY[${b.id}])`] },
    {
      name: 'a recursion',
      sql: [
        `WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < ${b.id + 50}) SELECT c.* FROM n JOIN customer c ON c.tenant_id = n.i WHERE n.i <> ${a.id}`,
      ],
    },
    { name: 'a set operation', sql: [`SELECT tenant_id FROM customer EXCEPT SELECT ${a.id}`] },
    {
      name: 'a stacked statement',
      sql: [`SELECT 1; SELECT * FROM customer WHERE tenant_id = ${b.id}`],
      mayAnswer: true,
    },
    {
      name: 'TABLESAMPLE',
      sql: [`SELECT * FROM customer TABLESAMPLE SYSTEM (100) WHERE tenant_id <> ${a.id}`],
    },
    {
      name: 'positions of rows',
      sql: [`SELECT * FROM customer WHERE ctid = '(0,1)' AND tenant_id <> ${a.id}`],
    },
    {
      name: 'a lock on a foreign row',
      sql: [`SELECT * FROM run WHERE tenant_id = ${b.id} FOR UPDATE NOWAIT`],
    },
    {
      name: 'MERGE',
      sql: [
        `MERGE INTO customer c USING (VALUES (${b.id}, 'shared-customer')) v (t, c) ON c.tenant_id = v.t AND c.customer_id = v.c WHEN MATCHED THEN UPDATE SET region = 'mine' WHEN NOT MATCHED THEN DO NOTHING`,
      ],
    },
  ];
}
