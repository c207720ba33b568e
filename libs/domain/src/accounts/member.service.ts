import { ConflictError, InvalidInputError, NotFoundError } from '../errors/nightshift-error.js';
import type { Tenant, TenantId } from '../tenants/tenant.js';
import { createToken, hashToken, normaliseEmail, type MemberRole } from './account.js';
import type { AccountRepository } from './account.repository.js';
import { checkPassword, type PasswordHasher } from './password-rules.js';
import type { NewSession, SessionService } from './session.service.js';

export interface Member {
  readonly accountId: string;
  readonly email: string;
  readonly name: string;
  readonly role: MemberRole;
  readonly since: Date;
}

export interface Invitation {
  readonly invitationId: string;
  readonly email: string;
  readonly role: MemberRole;
  readonly invitedBy: string;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

/** An invitation as the person sees it who holds its link. */
export interface PresentedInvitation extends Invitation {
  readonly tenantId: TenantId;
  readonly tenant: string;
  readonly tenantName: string;
}

/** `lastAdmin`: a tenant without an admin could not be helped by its own people any more. */
export type MemberChange = 'changed' | 'notFound' | 'lastAdmin';

export abstract class MemberRepository {
  abstract list(tenantId: TenantId): Promise<Member[]>;
  abstract add(tenantId: TenantId, accountId: string, role: MemberRole): Promise<void>;
  abstract changeRole(tenantId: TenantId, accountId: string, role: MemberRole): Promise<MemberChange>;
  abstract remove(tenantId: TenantId, accountId: string): Promise<MemberChange>;
  /** Open ones: neither accepted, withdrawn nor expired. An older open one for the same address is withdrawn. */
  abstract invite(
    tenantId: TenantId,
    invitation: Invitation & { readonly tokenSha256: string },
  ): Promise<void>;
  abstract invitations(tenantId: TenantId, now: Date): Promise<Invitation[]>;
  abstract withdraw(tenantId: TenantId, invitationId: string, at: Date): Promise<boolean>;
  abstract findInvitation(tokenSha256: string, now: Date): Promise<PresentedInvitation | undefined>;
  /** Makes the account a member and the invitation used, at once. False when somebody was faster. */
  abstract accept(invitation: PresentedInvitation, accountId: string, at: Date): Promise<boolean>;
}

export const INVITATION_DAYS = 7;
const DAY_MS = 86_400_000;

/** Who belongs to a tenant. */
export class MemberService {
  constructor(
    private readonly members: MemberRepository,
    private readonly accounts: AccountRepository,
    private readonly sessions: SessionService,
    private readonly hasher: PasswordHasher,
    private readonly createId: () => string,
  ) {}

  list(tenant: Tenant): Promise<Member[]> {
    return this.members.list(tenant.id);
  }

  invitations(tenant: Tenant, now = new Date()): Promise<Invitation[]> {
    return this.members.invitations(tenant.id, now);
  }

  /** The token belongs into a link that only the invited person gets: it is shown this once. */
  async invite(
    tenant: Tenant,
    request: { readonly email: string; readonly role: MemberRole; readonly invitedBy: string },
    now = new Date(),
  ): Promise<{ invitation: Invitation; token: string }> {
    const email = normaliseEmail(request.email);
    if (email === undefined) throw notAnAddress();
    const members = await this.members.list(tenant.id);
    if (members.some((member) => member.email === email))
      throw new ConflictError('alreadyMember', `${email} is a member already.`);
    const token = createToken();
    const expiresAt = new Date(now.getTime() + INVITATION_DAYS * DAY_MS);
    const invitation = { ...request, invitationId: this.createId(), email, createdAt: now, expiresAt };
    await this.members.invite(tenant.id, { ...invitation, tokenSha256: hashToken(token) });
    return { invitation, token };
  }

  async withdraw(tenant: Tenant, invitationId: string, now = new Date()): Promise<void> {
    if (!(await this.members.withdraw(tenant.id, invitationId, now)))
      throw new NotFoundError('invitation', invitationId);
  }

  async changeRole(tenant: Tenant, accountId: string, role: MemberRole): Promise<void> {
    checkChange(await this.members.changeRole(tenant.id, accountId, role), accountId);
  }

  async remove(tenant: Tenant, accountId: string): Promise<void> {
    checkChange(await this.members.remove(tenant.id, accountId), accountId);
  }

  async presented(token: string, now = new Date()): Promise<PresentedInvitation> {
    const invitation = await this.members.findInvitation(hashToken(token), now);
    if (invitation === undefined) throw new NotFoundError('invitation', 'of this link');
    return invitation;
  }

  /**
   * The first sign-in of a new person, or one more tenant for somebody who has an account: then the password is the one they have,
   * so that a link that went astray opens nothing.
   */
  async accept(
    token: string,
    request: { readonly name: string; readonly password: string },
    now = new Date(),
  ): Promise<NewSession> {
    const invitation = await this.presented(token, now);
    const { email } = invitation;
    const existing = await this.accounts.findByEmail(email);
    // Counts a wrong password and locks like any sign-in.
    if (existing !== undefined) {
      const session = await this.sessions.signIn(email, request.password, now);
      await this.join(invitation, existing.accountId, now);
      return {
        ...session,
        signedIn: (await this.sessions.authenticate(session.token, now)) ?? session.signedIn,
      };
    }
    checkPassword(request.password, { email, name: request.name });
    const passwordHash = await this.hasher.hash(request.password);
    const account = await this.accounts.add({ email, name: request.name, passwordHash, isOperator: false });
    if (account === undefined) throw usedInvitation();
    await this.join(invitation, account.accountId, now);
    return this.sessions.begin(account.accountId, now);
  }

  private async join(invitation: PresentedInvitation, accountId: string, now: Date): Promise<void> {
    if (!(await this.members.accept(invitation, accountId, now))) throw usedInvitation();
  }
}

function checkChange(change: MemberChange, accountId: string): void {
  if (change === 'notFound') throw new NotFoundError('member', accountId);
  if (change === 'lastAdmin')
    throw new ConflictError('lastAdmin', 'A tenant keeps at least one admin; name another one first.');
}

function usedInvitation(): ConflictError {
  return new ConflictError('invitationUsed', 'This invitation has been used in this moment.');
}

function notAnAddress(): InvalidInputError {
  return new InvalidInputError('invalidEmail', 'This is no e-mail address.', [
    { field: 'email', code: 'invalidEmail', message: 'must be an e-mail address' },
  ]);
}
