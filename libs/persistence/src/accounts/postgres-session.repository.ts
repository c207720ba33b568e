import { SessionRepository, type StoredSession } from '#libs/domain';
import type { AccountsDatabase } from './accounts-database.js';
import {
  toAccount,
  toMembership,
  toVisit,
  type AccountRow,
  type MembershipRow,
  type VisitRow,
} from './account-rows.js';

interface SessionRow extends AccountRow {
  readonly created_at: Date;
  readonly seen_at: Date;
  readonly expires_at: Date;
}

export class PostgresSessionRepository extends SessionRepository {
  constructor(private readonly database: AccountsDatabase) {
    super();
  }

  override async add(session: { tokenSha256: string; accountId: string; expiresAt: Date }): Promise<void> {
    const { tokenSha256, accountId, expiresAt } = session;
    const sql = 'INSERT INTO session (token_sha256, account_id, expires_at) VALUES ($1, $2, $3)';
    await this.database.query(sql, [tokenSha256, accountId, expiresAt]);
  }

  override find(tokenSha256: string, now: Date): Promise<StoredSession | undefined> {
    return this.database.run(async (client) => {
      const session = await client.query<SessionRow>(
        `SELECT a.account_id, a.email, a.name, a.is_operator, s.created_at, s.seen_at, s.expires_at
         FROM session s JOIN account a USING (account_id)
         WHERE s.token_sha256 = $1 AND s.expires_at > $2 AND a.disabled_at IS NULL`,
        [tokenSha256, now],
      );
      const row = session.rows.at(0);
      if (row === undefined) return undefined;
      const memberships = await client.query<MembershipRow>(
        `SELECT m.tenant_id, m.role, t.slug, t.name AS tenant_name
         FROM member m JOIN tenant t ON t.id = m.tenant_id WHERE m.account_id = $1 ORDER BY t.name, t.slug`,
        [row.account_id],
      );
      const visits = await client.query<VisitRow>(
        `SELECT v.*, t.slug, t.name AS tenant_name FROM operator_visit v JOIN tenant t ON t.id = v.tenant_id
         WHERE v.account_id = $1 AND v.ended_at IS NULL AND v.until > $2 ORDER BY v.started_at`,
        [row.account_id, now],
      );
      return {
        account: toAccount(row),
        memberships: memberships.rows.map(toMembership),
        visits: visits.rows.map(toVisit),
        ...{ createdAt: row.created_at, seenAt: row.seen_at, expiresAt: row.expires_at },
      };
    });
  }

  override async noteSeen(tokenSha256: string, at: Date): Promise<void> {
    await this.database.query('UPDATE session SET seen_at = $2 WHERE token_sha256 = $1', [tokenSha256, at]);
  }

  override async end(tokenSha256: string): Promise<void> {
    await this.database.query('DELETE FROM session WHERE token_sha256 = $1', [tokenSha256]);
  }

  override async endAllOf(accountId: string, exceptTokenSha256 = ''): Promise<void> {
    const sql = 'DELETE FROM session WHERE account_id = $1 AND token_sha256 <> $2';
    await this.database.query(sql, [accountId, exceptTokenSha256]);
  }

  override async deleteExpired(now: Date): Promise<number> {
    const { rowCount } = await this.database.query('DELETE FROM session WHERE expires_at <= $1', [now]);
    return rowCount ?? 0;
  }
}
