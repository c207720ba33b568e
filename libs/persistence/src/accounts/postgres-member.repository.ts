import type pg from 'pg';
import {
  MemberRepository,
  type Invitation,
  type Member,
  type MemberChange,
  type MemberRole,
  type PresentedInvitation,
  type TenantId,
} from '#libs/domain';
import type { AccountsDatabase } from './accounts-database.js';

interface MemberRow {
  readonly account_id: string;
  readonly email: string;
  readonly name: string;
  readonly role: MemberRole;
  readonly created_at: Date;
}

interface InvitationRow {
  readonly invitation_id: string;
  readonly email: string;
  readonly role: MemberRole;
  readonly invited_by: string;
  readonly created_at: Date;
  readonly expires_at: Date;
}

interface PresentedRow extends InvitationRow {
  readonly tenant_id: number;
  readonly slug: string;
  readonly tenant_name: string;
}

const INVITATION_COLUMNS = 'i.invitation_id, i.email, i.role, i.invited_by, i.created_at, i.expires_at';
const IS_OPEN = 'i.accepted_at IS NULL AND i.withdrawn_at IS NULL';

export class PostgresMemberRepository extends MemberRepository {
  constructor(private readonly database: AccountsDatabase) {
    super();
  }

  override async list(tenantId: TenantId): Promise<Member[]> {
    const { rows } = await this.database.query<MemberRow>(
      `SELECT a.account_id, a.email, a.name, m.role, m.created_at FROM member m JOIN account a USING (account_id)
       WHERE m.tenant_id = $1 ORDER BY a.name, a.email`,
      [tenantId],
    );
    return rows.map((row) => {
      const { email, name, role } = row;
      return { accountId: row.account_id, email, name, role, since: row.created_at };
    });
  }

  override add(tenantId: TenantId, accountId: string, role: MemberRole): Promise<void> {
    return this.database.run((client) => join(client, tenantId, accountId, role));
  }

  override changeRole(tenantId: TenantId, accountId: string, role: MemberRole): Promise<MemberChange> {
    return this.changeMember(tenantId, accountId, role !== 'admin', async (client) => {
      const sql = 'UPDATE member SET role = $3 WHERE tenant_id = $1 AND account_id = $2 AND role <> $3';
      await client.query(sql, [tenantId, accountId, role]);
    });
  }

  override remove(tenantId: TenantId, accountId: string): Promise<MemberChange> {
    return this.changeMember(tenantId, accountId, true, async (client) => {
      await client.query('DELETE FROM member WHERE tenant_id = $1 AND account_id = $2', [
        tenantId,
        accountId,
      ]);
    });
  }

  override async invite(
    tenantId: TenantId,
    invitation: Invitation & { readonly tokenSha256: string },
  ): Promise<void> {
    const { invitationId, tokenSha256, email, role, invitedBy, createdAt, expiresAt } = invitation;
    await this.database.run(async (client) => {
      await client.query(
        `UPDATE invitation i SET withdrawn_at = $3 WHERE i.tenant_id = $1 AND i.email = $2 AND ${IS_OPEN}`,
        [tenantId, email, createdAt],
      );
      await client.query(
        `INSERT INTO invitation
           (tenant_id, invitation_id, token_sha256, email, role, invited_by, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
        [tenantId, invitationId, tokenSha256, email, role, invitedBy, createdAt, expiresAt],
      );
    });
  }

  override async invitations(tenantId: TenantId, now: Date): Promise<Invitation[]> {
    const { rows } = await this.database.query<InvitationRow>(
      `SELECT ${INVITATION_COLUMNS} FROM invitation i
       WHERE i.tenant_id = $1 AND i.expires_at > $2 AND ${IS_OPEN} ORDER BY i.created_at DESC`,
      [tenantId, now],
    );
    return rows.map(toInvitation);
  }

  override withdraw(tenantId: TenantId, invitationId: string, at: Date): Promise<boolean> {
    return this.database.run(async (client) => {
      const { rowCount } = await client.query(
        `UPDATE invitation i SET withdrawn_at = $3 WHERE i.tenant_id = $1 AND i.invitation_id = $2 AND ${IS_OPEN}`,
        [tenantId, invitationId, at],
      );
      return rowCount === 1;
    });
  }

  override async findInvitation(tokenSha256: string, now: Date): Promise<PresentedInvitation | undefined> {
    const { rows } = await this.database.query<PresentedRow>(
      `SELECT ${INVITATION_COLUMNS}, i.tenant_id, t.slug, t.name AS tenant_name
       FROM invitation i JOIN tenant t ON t.id = i.tenant_id
       WHERE i.token_sha256 = $1 AND i.expires_at > $2 AND ${IS_OPEN}`,
      [tokenSha256, now],
    );
    return rows
      .map((row) => ({
        ...toInvitation(row),
        ...{ tenantId: row.tenant_id, tenant: row.slug, tenantName: row.tenant_name },
      }))
      .at(0);
  }

  override accept(invitation: PresentedInvitation, accountId: string, at: Date): Promise<boolean> {
    const { tenantId, invitationId, role } = invitation;
    return this.database.run(async (client) => {
      const { rowCount } = await client.query(
        `UPDATE invitation i SET accepted_at = $3 WHERE i.tenant_id = $1 AND i.invitation_id = $2 AND ${IS_OPEN}`,
        [tenantId, invitationId, at],
      );
      if (rowCount !== 1) return false;
      await join(client, tenantId, accountId, role);
      return true;
    });
  }

  /** The admins are locked first: two of them who remove each other at once would leave nobody. */
  private changeMember(
    tenantId: TenantId,
    accountId: string,
    takesAdmin: boolean,
    change: (client: pg.PoolClient) => Promise<void>,
  ): Promise<MemberChange> {
    return this.database.run(async (client) => {
      const { rows } = await client.query<{ account_id: string; role: MemberRole }>(
        'SELECT account_id, role FROM member WHERE tenant_id = $1 ORDER BY account_id FOR UPDATE',
        [tenantId],
      );
      const member = rows.find((row) => row.account_id === accountId);
      if (member === undefined) return 'notFound';
      const admins = rows.filter((row) => row.role === 'admin').length;
      if (takesAdmin && member.role === 'admin' && admins === 1) return 'lastAdmin';
      await change(client);
      return 'changed';
    });
  }
}

async function join(
  client: pg.PoolClient,
  tenantId: TenantId,
  accountId: string,
  role: MemberRole,
): Promise<void> {
  await client.query(
    `INSERT INTO member (tenant_id, account_id, role) VALUES ($1, $2, $3)
     ON CONFLICT (tenant_id, account_id) DO UPDATE SET role = EXCLUDED.role WHERE member.role <> EXCLUDED.role`,
    [tenantId, accountId, role],
  );
}

function toInvitation(row: InvitationRow): Invitation {
  const { email, role } = row;
  return {
    ...{ invitationId: row.invitation_id, email, role, invitedBy: row.invited_by },
    ...{ createdAt: row.created_at, expiresAt: row.expires_at },
  };
}
