import { createHash, createHmac, randomBytes } from 'node:crypto';
import { KEY_SCOPES, type KeyScope } from '../keys/api-key.js';
import type { TenantId } from '../tenants/tenant.js';

/** admin: everything within the tenant; analyst: looks at everything and changes nothing. */
export const MEMBER_ROLES = ['admin', 'analyst'] as const;
export type MemberRole = (typeof MEMBER_ROLES)[number];

/** What a role opens, in the words of API keys: one check guards a route, whoever asks. */
export const SCOPES_OF_ROLE: Readonly<Record<MemberRole, readonly KeyScope[]>> = {
  admin: KEY_SCOPES,
  analyst: ['read'],
};

/** A person who signs in. */
export interface Account {
  readonly accountId: string;
  /** In lower case. */
  readonly email: string;
  readonly name: string;
  readonly isOperator: boolean;
}

/** An account as operators see it. */
export interface ListedAccount extends Account {
  readonly lockedUntil: Date | undefined;
  readonly disabledAt: Date | undefined;
  readonly createdAt: Date;
  readonly memberships: readonly Membership[];
}

export interface Membership {
  readonly tenantId: TenantId;
  readonly tenant: string;
  readonly tenantName: string;
  readonly role: MemberRole;
}

/** An operator inside a tenant, for a while. */
export interface OperatorVisit {
  readonly visitId: string;
  readonly tenantId: TenantId;
  readonly tenant: string;
  readonly tenantName: string;
  readonly operator: string;
  readonly reason: string;
  readonly startedAt: Date;
  readonly until: Date;
  readonly endedAt: Date | undefined;
}

/** Everything that a request of a signed-in person may depend on. */
export interface SignedIn {
  readonly account: Account;
  readonly memberships: readonly Membership[];
  /** Under way. */
  readonly visits: readonly OperatorVisit[];
  readonly expiresAt: Date;
  /** What changes must bring along; pages of other origins cannot know it. */
  readonly csrfToken: string;
}

/** What recorded changes carry. */
export function nameOfActor({ name, email }: Account): string {
  return `${name} <${email}>`;
}

/** In a tenant: as a member, or as an operator on a visit; undefined: nothing at all, not even that it exists. */
export function scopesIn(
  { account, memberships, visits }: SignedIn,
  tenantId: TenantId,
): { scopes: readonly KeyScope[]; actor: string } | undefined {
  const membership = memberships.find((each) => each.tenantId === tenantId);
  if (membership !== undefined)
    return { scopes: SCOPES_OF_ROLE[membership.role], actor: nameOfActor(account) };
  const visit = account.isOperator ? visits.find((each) => each.tenantId === tenantId) : undefined;
  return visit && { scopes: KEY_SCOPES, actor: `${nameOfActor(account)}, operator on a visit` };
}

/** @returns undefined when it is no address */
export function normaliseEmail(text: string): string | undefined {
  const email = text.trim().toLowerCase();
  return email.length <= 254 && /^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>".]+$/.test(email) ? email : undefined;
}

/** 256 random bits: for a cookie or a link. */
export function createToken(): string {
  return randomBytes(32).toString('base64url');
}

/** What is stored of a token. It has 256 random bits, so a slow hash would add nothing but delay. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

export function csrfTokenOf(sessionToken: string): string {
  return createHmac('sha256', sessionToken).update('csrf').digest('base64url');
}
