import pg from 'pg';
import type { Ledger } from './ledger.ts';
import type { Trial } from './trial-tenant.ts';
import { tenantTables } from './witness.ts';

/** What logins that serve every tenant are there for; whatever is not here they are refused. */
const MAY: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  accounts: {
    member: 'read insert update delete',
    invitation: 'read insert update',
    operator_visit: 'read insert update',
    audit_head: 'read insert update',
    audit_entry: 'insert',
  },
  serving: {
    // Of its own node's counts, and of those that all nodes share.
    served_answers: 'insert update',
    tenant_requests: 'insert update delete',
    serving_pointer: 'read',
    erasure_key: 'read',
    erased_customer: 'read',
    impression: 'insert',
    outcome: 'insert',
    erasure_acknowledgement: 'insert',
  },
};
const GROUPS = [
  'nightshift_app',
  'nightshift_platform',
  'nightshift_serving',
  'nightshift_accounts',
  'nightshift_eraser',
];
const PERMISSION_DENIED = '42501';

/** B's rows through logins that belong to no tenant: the one of people, and that of the data plane. */
export async function attackByLogins(
  urls: Readonly<Record<'accounts' | 'serving', string>>,
  admin: pg.Client,
  trial: Trial,
  ledger: Ledger,
): Promise<void> {
  for (const login of ['accounts', 'serving'] as const) {
    const client = new pg.Client({ connectionString: urls[login] });
    await client.connect();
    try {
      for (const table of await tenantTables(admin)) await attackTable(login, client, table, trial, ledger);
      await attackRoles(login, client, await superuserOf(admin), trial, ledger);
    } finally {
      await client.end();
    }
  }
  for (const change of await trial.changesOfB()) ledger.found('logins', 'all of them', change);
}

export async function attackTable(
  login: 'accounts' | 'serving',
  client: pg.Client,
  table: string,
  { a, b, canaries }: Trial,
  ledger: Ledger,
): Promise<void> {
  const may = (MAY[login][table] ?? '').split(' ');
  const statements: [string, string][] = [
    ['read', `SELECT * FROM ${table} WHERE tenant_id = ${b.id}`],
    ['read', `SELECT count(*), max(t::text) FROM ${table} t WHERE tenant_id = ${b.id}`],
    ['update', `UPDATE ${table} SET tenant_id = ${a.id} WHERE tenant_id = ${b.id}`],
    ['delete', `DELETE FROM ${table} WHERE tenant_id = ${b.id}`],
    [
      'insert',
      `INSERT INTO ${table} SELECT (jsonb_populate_record(NULL::${table}, '{"tenant_id": ${b.id}}')).*`,
    ],
    ['truncate', `TRUNCATE ${table}`],
  ];
  for (const [right, sql] of statements) {
    if (may.includes(right)) continue;
    const { code, text } = await see(client, b.id, [sql]);
    const findings = canaries.findIn(text).map((canary) => `showed ${canary}: ${text.slice(0, 300)}`);
    // Not that there were no rows this time: that there can be none.
    if (code !== PERMISSION_DENIED)
      findings.push(`was not refused (${code ?? 'done'}): ${text.slice(0, 200)}`);
    ledger.judged('logins', `${login}: ${sql}`, findings);
  }
}

/** Other groups, the server's own tables, and what of tenants is no name. */
async function attackRoles(
  login: string,
  client: pg.Client,
  superuser: string,
  { b, canaries }: Trial,
  ledger: Ledger,
): Promise<void> {
  const others = GROUPS.filter((group) => group !== `nightshift_${login}`);
  const attempts: string[][] = [
    ...others.map((group) => [`SET ROLE ${group}`]),
    [`SET ROLE ${superuser}`],
    ['SET LOCAL row_security = off', 'SELECT * FROM customer'],
    [`SELECT settings FROM tenant WHERE id = ${b.id}`],
    [`UPDATE tenant SET state = 'off' WHERE id = ${b.id}`],
    [`SELECT rolpassword FROM pg_authid`],
    ['SELECT * FROM interaction_p00'],
    ['SELECT * FROM tenant_erasure'],
    ['SELECT * FROM worker_node'],
    ...(login === 'serving' ? [['SELECT * FROM account'], ['SELECT * FROM session']] : []),
    ['CREATE TABLE mine (id integer)'],
    [`CREATE FUNCTION mine() RETURNS integer LANGUAGE sql SECURITY DEFINER AS 'SELECT 1'`],
    [`COPY member TO '/tmp/nightshift-stolen'`],
  ];
  for (const statements of attempts) {
    const { code, text } = await see(client, b.id, statements);
    const findings = canaries.findIn(text).map((canary) => `showed ${canary}`);
    if (code !== PERMISSION_DENIED)
      findings.push(`was not refused (${code ?? 'done'}): ${text.slice(0, 200)}`);
    ledger.judged('logins', `${login}: ${statements.join('; ')}`, findings);
  }
}

export async function superuserOf(admin: pg.Client): Promise<string> {
  return (await admin.query<{ name: string }>('SELECT quote_ident(current_user) AS name')).rows[0].name;
}

/** As B, and thrown away. */
async function see(
  client: pg.Client,
  tenantId: number,
  statements: readonly string[],
): Promise<{ code: string | undefined; text: string }> {
  await client.query('BEGIN');
  try {
    await client.query(`SELECT set_config('app.tenant_id', $1, true)`, [String(tenantId)]);
    let text = '';
    for (const sql of statements) text += JSON.stringify((await client.query(sql)).rows ?? []);
    return { code: undefined, text };
  } catch (error) {
    const { code, message, detail } = error as pg.DatabaseError;
    return { code, text: `${message}\n${detail ?? ''}` };
  } finally {
    await client.query('ROLLBACK');
  }
}
