import type { Account, AccountSecret, MemberRole, Membership, OperatorVisit } from '#libs/domain';

export interface AccountRow {
  readonly account_id: string;
  readonly email: string;
  readonly name: string;
  readonly is_operator: boolean;
}

export interface SecretRow extends AccountRow {
  readonly password_hash: string | null;
  readonly locked_until: Date | null;
  readonly disabled_at: Date | null;
}

export interface MembershipRow {
  readonly tenant_id: number;
  readonly slug: string;
  readonly tenant_name: string;
  readonly role: MemberRole;
}

export interface VisitRow {
  readonly visit_id: string;
  readonly tenant_id: number;
  readonly slug: string;
  readonly tenant_name: string;
  readonly operator: string;
  readonly reason: string;
  readonly started_at: Date;
  readonly until: Date;
  readonly ended_at: Date | null;
}

export const ACCOUNT_COLUMNS = 'account_id, email, name, is_operator';
export const SECRET_COLUMNS = `${ACCOUNT_COLUMNS}, password_hash, locked_until, disabled_at`;

export function toAccount(row: AccountRow): Account {
  return { accountId: row.account_id, email: row.email, name: row.name, isOperator: row.is_operator };
}

export function toSecret(row: SecretRow): AccountSecret {
  return {
    ...toAccount(row),
    passwordHash: row.password_hash ?? undefined,
    lockedUntil: row.locked_until ?? undefined,
    disabledAt: row.disabled_at ?? undefined,
  };
}

export function toMembership(row: MembershipRow): Membership {
  return { tenantId: row.tenant_id, tenant: row.slug, tenantName: row.tenant_name, role: row.role };
}

export function toVisit(row: VisitRow): OperatorVisit {
  const { operator, reason, until } = row;
  return {
    ...{ visitId: row.visit_id, tenantId: row.tenant_id, tenant: row.slug, tenantName: row.tenant_name },
    ...{ operator, reason, startedAt: row.started_at, until, endedAt: row.ended_at ?? undefined },
  };
}
