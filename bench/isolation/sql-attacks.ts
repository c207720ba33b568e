import type pg from 'pg';
import type { Ledger } from './ledger.ts';
import { superuserOf } from './login-attacks.ts';
import { SQL_TRICKS } from './sql-tricks.ts';
import type { Trial } from './trial-tenant.ts';
import { tenantTables } from './witness.ts';

/** What a statement came to, as text: rows, notices and the error's message are all that an attacker sees. */
interface Seen {
  readonly text: string;
  readonly rows: number;
}

/** What code may name by mistake, or somebody may bring it to name. None of them is B's number. */
const WRONG_TENANTS = (a: number, b: number): readonly (string | undefined)[] => [
  undefined,
  '',
  '0',
  '-1',
  '2147483647',
  '99999999999',
  `${a} OR true`,
  `${a},${b}`,
  `{${a},${b}}`,
  `${b}::text`,
  `${a}) OR (tenant_id = ${b}`,
  `' OR tenant_id = ${b} --`,
  'NULL',
  '%',
  `${b}.0`,
  `0x${b.toString(16)}x`,
];

/** Plain SQL through the application's login. */
export class SqlAttacks {
  private readonly app: pg.Client;
  private readonly trial: Trial;
  private readonly ledger: Ledger;
  private notices = '';

  constructor(app: pg.Client, trial: Trial, ledger: Ledger) {
    this.app = app;
    this.trial = trial;
    this.ledger = ledger;
    app.on('notice', ({ message, detail }) => (this.notices += `${message} ${detail ?? ''}\n`));
  }

  async run(admin: pg.Client): Promise<void> {
    const tables = await tenantTables(admin);
    for (const table of tables) await this.attackTable(table);
    await this.tricks(await superuserOf(admin));
    await this.leftOvers(tables);
    for (const change of await this.trial.changesOfB()) this.ledger.found('sql', 'all of them', change);
  }

  async attackTable(table: string): Promise<void> {
    await this.unscoped(table);
    await this.asA(table);
  }

  /** Every table without a tenant, and with one that is none: nothing, or an error. */
  private async unscoped(table: string): Promise<void> {
    const { a, b } = this.trial;
    for (const tenant of WRONG_TENANTS(a.id, b.id)) {
      const seen = await this.see(tenant, `SELECT * FROM ${table} WHERE tenant_id IS DISTINCT FROM ${a.id}`);
      this.judge(`${table} as tenant ${tenant ?? '(unset)'}`, seen);
    }
  }

  private async asA(table: string): Promise<void> {
    const { a, b } = this.trial;
    const column = `(SELECT max(t::text) FROM ${table} t WHERE tenant_id = ${b.id})`;
    const statements = [
      `SELECT * FROM ${table} WHERE tenant_id = ${b.id}`,
      `SELECT * FROM ${table} t WHERE t::text LIKE '%' || '${b.canary.slice(0, 6)}' || '${b.canary.slice(6)}%' AND tenant_id <> ${a.id}`,
      `SELECT x.* FROM tenant LEFT JOIN LATERAL (SELECT * FROM ${table} WHERE tenant_id <> ${a.id}) x ON true WHERE x.tenant_id IS NOT NULL`,
      `SELECT ${column} AS found WHERE ${column} IS NOT NULL`,
      `WITH stolen AS (UPDATE ${table} SET tenant_id = ${a.id} WHERE tenant_id = ${b.id} RETURNING *) SELECT * FROM stolen`,
      `WITH gone AS (DELETE FROM ${table} WHERE tenant_id = ${b.id} RETURNING *) SELECT * FROM gone`,
      `INSERT INTO ${table} SELECT (jsonb_populate_record(t, '{"tenant_id": ${b.id}}')).* FROM ${table} t RETURNING *`,
      `SELECT * FROM ${table} WHERE tenant_id = ${b.id} FOR UPDATE`,
      `TRUNCATE ${table}`,
      `COPY (SELECT * FROM ${table} WHERE tenant_id = ${b.id}) TO '/tmp/nightshift-stolen'`,
    ];
    for (const sql of statements) this.judge(sql, await this.see(String(a.id), sql));
    // It deletes history, of one tenant as well.
    for (const sql of [`SELECT * FROM ${table} WHERE tenant_id <> ${a.id}`, statements[5]])
      this.judge(
        `as the eraser: ${sql}`,
        await this.see(String(a.id), 'SET LOCAL ROLE nightshift_eraser', sql),
      );
  }

  private async tricks(superuser: string): Promise<void> {
    const { a, b } = this.trial;
    for (const { name, sql, mayAnswer } of SQL_TRICKS(a, b, superuser)) {
      const seen = await this.see(String(a.id), ...sql);
      this.judge(name, mayAnswer === true ? { ...seen, rows: 0 } : seen);
    }
  }

  /** A pool hands a connection from one tenant to the next: nothing of B's transaction may be left on it. */
  private async leftOvers(tables: readonly string[]): Promise<void> {
    const { a, b } = this.trial;
    await this.app.query('BEGIN');
    await this.app.query(`SELECT set_config('app.tenant_id', $1, true)`, [String(b.id)]);
    await this.app.query({ name: 'left-over', text: 'SELECT customer_id FROM customer' });
    await this.app.query('CREATE TEMP TABLE left_over ON COMMIT DROP AS SELECT * FROM customer');
    await this.app.query('DECLARE left_over CURSOR FOR SELECT * FROM customer');
    await this.app.query('COMMIT');
    const afterwards: [string, string | pg.QueryConfig][] = [
      [
        'the setting',
        `SELECT current_setting('app.tenant_id', true) AS tenant WHERE current_setting('app.tenant_id', true) <> ''`,
      ],
      ['a prepared statement', { name: 'left-over', text: 'SELECT customer_id FROM customer' }],
      ['a temporary table', 'SELECT * FROM left_over'],
      ['a cursor', 'FETCH ALL FROM left_over'],
    ];
    for (const [name, query] of afterwards)
      this.judge(`left over from B, no tenant: ${name}`, await this.see(undefined, query));
    for (const [name, query] of afterwards.slice(1)) {
      const seen = await this.see(String(a.id), query);
      this.judge(`left over from B, as A: ${name}`, { ...seen, rows: 0 });
    }
    for (const table of tables)
      this.judge(
        `after B on the same connection: ${table}`,
        await this.see(undefined, `SELECT * FROM ${table}`),
      );
  }

  /** Runs statements as a tenant and throws away what they did. */
  private async see(tenant: string | undefined, ...statements: (string | pg.QueryConfig)[]): Promise<Seen> {
    this.notices = '';
    let text = '';
    let rows = 0;
    await this.app.query('BEGIN');
    try {
      if (tenant !== undefined)
        await this.app.query(`SELECT set_config('app.tenant_id', $1, true)`, [tenant]);
      for (const statement of statements) {
        const results = [await this.app.query(statement as string)].flat();
        for (const result of results) {
          rows += result.rows?.length ?? 0;
          text += JSON.stringify(result.rows ?? []);
        }
      }
    } catch (error) {
      const { message, detail, hint, where } = error as pg.DatabaseError;
      text += [message, detail, hint, where].join('\n');
      rows = 0;
    } finally {
      await this.app.query('ROLLBACK');
    }
    return { text: text + this.notices, rows };
  }

  private judge(attack: string, { text, rows }: Seen): void {
    const { canaries, b } = this.trial;
    // The ids that stand in the statement come back in its error.
    const foreign = canaries.findIn(text, [
      ...Object.values(b.ids)
        .flat()
        .filter((id) => attack.includes(id)),
    ]);
    const findings = foreign.map((canary) => `showed ${canary}: ${text.slice(0, 300)}`);
    if (rows > 0) findings.push(`found ${rows} rows: ${text.slice(0, 300)}`);
    this.ledger.judged('sql', attack, findings);
  }
}
