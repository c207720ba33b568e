import { randomUUID } from 'node:crypto';
import {
  AccountRepository,
  type Account,
  type AccountSecret,
  type Identity,
  type ListedAccount,
  type NewAccount,
} from '#libs/domain';
import type { AccountsDatabase } from './accounts-database.js';
import {
  ACCOUNT_COLUMNS,
  SECRET_COLUMNS,
  toAccount,
  toMembership,
  toSecret,
  type AccountRow,
  type MembershipRow,
  type SecretRow,
} from './account-rows.js';

interface ListedRow extends SecretRow {
  readonly created_at: Date;
}

export class PostgresAccountRepository extends AccountRepository {
  constructor(private readonly database: AccountsDatabase) {
    super();
  }

  override findByEmail(email: string): Promise<AccountSecret | undefined> {
    return this.findOne('email = $1', [email]);
  }

  override findById(accountId: string): Promise<AccountSecret | undefined> {
    return this.findOne('account_id = $1::uuid', [accountId]);
  }

  override findByIdentity({ issuer, subject }: Identity): Promise<AccountSecret | undefined> {
    return this.findOne('issuer = $1 AND subject = $2', [issuer, subject]);
  }

  override async add(account: NewAccount): Promise<Account | undefined> {
    const { email, name, passwordHash = null, isOperator } = account;
    const { rows } = await this.database.query<AccountRow>(
      `INSERT INTO account (account_id, email, name, password_hash, is_operator) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (email) DO NOTHING RETURNING ${ACCOUNT_COLUMNS}`,
      [randomUUID(), email, name, passwordHash, isOperator],
    );
    return rows.map(toAccount).at(0);
  }

  override async link(accountId: string, { issuer, subject }: Identity): Promise<void> {
    const sql = 'UPDATE account SET issuer = $2, subject = $3, password_hash = NULL WHERE account_id = $1';
    await this.database.query(sql, [accountId, issuer, subject]);
  }

  override async setPassword(accountId: string, passwordHash: string): Promise<void> {
    const sql = 'UPDATE account SET password_hash = $2 WHERE account_id = $1';
    await this.database.query(sql, [accountId, passwordHash]);
  }

  /** In one statement: wrong passwords that come at the same time are all counted. */
  override async noteFailure(
    accountId: string,
    lockAfter: number,
    lockUntil: Date,
  ): Promise<Date | undefined> {
    const { rows } = await this.database.query<{ locked_until: Date | null }>(
      `UPDATE account SET
         failed_sign_ins = CASE WHEN locked_until <= now() THEN 1 ELSE failed_sign_ins + 1 END,
         locked_until = CASE WHEN locked_until > now() THEN locked_until
                             WHEN locked_until IS NULL AND failed_sign_ins + 1 >= $2 THEN $3::timestamptz END
       WHERE account_id = $1 RETURNING locked_until`,
      [accountId, lockAfter, lockUntil],
    );
    return rows.at(0)?.locked_until ?? undefined;
  }

  override async clearFailures(accountId: string): Promise<void> {
    const sql = `UPDATE account SET failed_sign_ins = 0, locked_until = NULL
                 WHERE account_id = $1 AND (failed_sign_ins <> 0 OR locked_until IS NOT NULL)`;
    await this.database.query(sql, [accountId]);
  }

  override async disable(accountId: string, at: Date | undefined): Promise<void> {
    const sql = 'UPDATE account SET disabled_at = $2 WHERE account_id = $1';
    await this.database.query(sql, [accountId, at ?? null]);
  }

  override async list(): Promise<ListedAccount[]> {
    const accounts = await this.database.query<ListedRow>(
      `SELECT ${SECRET_COLUMNS}, created_at FROM account ORDER BY email`,
      [],
    );
    const members = await this.database.query<MembershipRow & { account_id: string }>(
      `SELECT m.account_id, m.tenant_id, m.role, t.slug, t.name AS tenant_name
       FROM member m JOIN tenant t ON t.id = m.tenant_id ORDER BY t.slug`,
      [],
    );
    const byAccount = Map.groupBy(members.rows, (row) => row.account_id);
    return accounts.rows.map((row) => ({
      ...toAccount(row),
      ...{ lockedUntil: row.locked_until ?? undefined, disabledAt: row.disabled_at ?? undefined },
      createdAt: row.created_at,
      memberships: (byAccount.get(row.account_id) ?? []).map(toMembership),
    }));
  }

  private async findOne(condition: string, values: readonly unknown[]): Promise<AccountSecret | undefined> {
    const sql = `SELECT ${SECRET_COLUMNS} FROM account WHERE ${condition}`;
    return (await this.database.query<SecretRow>(sql, values)).rows.map(toSecret).at(0);
  }
}
