import { setTimeout as sleep } from 'node:timers/promises';
import { InvalidInputError, NightshiftError } from '../errors/nightshift-error.js';
import {
  createToken,
  csrfTokenOf,
  hashToken,
  normaliseEmail,
  type Account,
  type SignedIn,
} from './account.js';
import type { AccountRepository, AccountSecret, Identity, SessionRepository } from './account.repository.js';
import { checkPassword, type PasswordHasher } from './password-rules.js';
import { UnknownAddresses } from './unknown-addresses.js';

/** Without a request for so long, or after so long in any case, a session has ended. */
export const IDLE_MS = 8 * 3_600_000;
export const LONGEST_MS = 7 * 24 * 3_600_000;
/** Wrong passwords in a row, and how long nobody gets in then: an operator can open earlier. */
export const LOCK_AFTER = 5;
export const LOCK_MS = 15 * 60_000;
const NOTE_SEEN_MS = 60_000;
/** Several times what hashing and counting take. */
const REFUSED_AFTER_MS = 250;

/** A new session: `token` goes into the cookie and is kept nowhere. */
export interface NewSession {
  readonly token: string;
  readonly signedIn: SignedIn;
}

export class SessionService {
  /** Addresses that nobody has are locked like those that somebody has, or the lock would tell them apart. */
  private readonly unknown = new UnknownAddresses(LOCK_AFTER, LOCK_MS);

  constructor(
    private readonly accounts: AccountRepository,
    private readonly sessions: SessionRepository,
    private readonly hasher: PasswordHasher,
  ) {}

  /**
   * A refusal takes the same time for whatever reason: to count a wrong password somewhere takes longer than nowhere.
   * @throws NightshiftError `wrongCredentials`, never saying which of the two; `accountLocked`
   */
  async signIn(email: string, password: string, now = new Date()): Promise<NewSession> {
    const startMs = performance.now();
    try {
      return await this.trySignIn(email, password, now);
    } catch (error) {
      await sleep(Math.max(0, REFUSED_AFTER_MS - (performance.now() - startMs)));
      throw error;
    }
  }

  private async trySignIn(email: string, password: string, now: Date): Promise<NewSession> {
    const address = normaliseEmail(email) ?? email.slice(0, 254);
    const account = await this.accounts.findByEmail(address);
    if (account === undefined) {
      await this.hasher.matches(undefined, password);
      const lockedUntil = this.unknown.noteFailure(address, now);
      throw lockedUntil === undefined ? wrongCredentials() : new AccountLockedError(lockedUntil);
    }
    if (isLocked(account, now)) {
      await this.hasher.matches(undefined, password);
      throw new AccountLockedError(account.lockedUntil as Date);
    }
    const matches = await this.hasher.matches(account.passwordHash, password);
    if (!matches || account.disabledAt !== undefined) {
      const lockUntil = new Date(now.getTime() + LOCK_MS);
      const lockedUntil = await this.accounts.noteFailure(account.accountId, LOCK_AFTER, lockUntil);
      throw lockedUntil === undefined ? wrongCredentials() : new AccountLockedError(lockedUntil);
    }
    await this.accounts.clearFailures(account.accountId);
    return this.begin(account.accountId, now);
  }

  /**
   * Somebody a provider vouches for. An address counts only where the provider has verified it; nobody gets an account this way.
   *
   * @throws NightshiftError `noAccount`
   */
  async signInAs(
    identity: Identity,
    verifiedEmail: string | undefined,
    now = new Date(),
  ): Promise<NewSession> {
    const known = await this.accounts.findByIdentity(identity);
    const account = known ?? (await this.linkByEmail(identity, verifiedEmail));
    if (account === undefined || account.disabledAt !== undefined) {
      const message = 'Nobody here is known by this sign-in. Ask for an invitation.';
      throw new NightshiftError('unauthorized', 'noAccount', message);
    }
    return this.begin(account.accountId, now);
  }

  async begin(accountId: string, now = new Date()): Promise<NewSession> {
    const token = createToken();
    const expiresAt = new Date(now.getTime() + LONGEST_MS);
    await this.sessions.add({ tokenSha256: hashToken(token), accountId, expiresAt });
    const signedIn = await this.authenticate(token, now);
    if (signedIn === undefined) throw wrongCredentials();
    return { token, signedIn };
  }

  /** Who sent this cookie; undefined when nobody is signed in by it (any more). */
  async authenticate(token: string, now = new Date()): Promise<SignedIn | undefined> {
    return this.find(token, now, true);
  }

  /** The same without a sign of life: a page that is only open does not keep its session. */
  peek(token: string, now = new Date()): Promise<SignedIn | undefined> {
    return this.find(token, now, false);
  }

  private async find(token: string, now: Date, isSignOfLife: boolean): Promise<SignedIn | undefined> {
    const tokenSha256 = hashToken(token);
    const session = await this.sessions.find(tokenSha256, now);
    if (session === undefined) return undefined;
    const idleUntil = new Date(session.seenAt.getTime() + IDLE_MS);
    if (idleUntil <= now) return undefined;
    const isStale = now.getTime() - session.seenAt.getTime() >= NOTE_SEEN_MS;
    if (isStale && isSignOfLife) await this.sessions.noteSeen(tokenSha256, now);
    const { account, memberships, visits, expiresAt } = session;
    return { account, memberships, visits, expiresAt, csrfToken: csrfTokenOf(token) };
  }

  signOut(token: string): Promise<void> {
    return this.sessions.end(hashToken(token));
  }

  /** Ends every other session of the person: whoever has the old password is out. @throws NightshiftError `wrongPassword` */
  async changePassword(
    token: string,
    account: Account,
    change: { current: string; next: string },
  ): Promise<void> {
    const secret = await this.accounts.findById(account.accountId);
    if (!(await this.hasher.matches(secret?.passwordHash, change.current))) {
      throw new InvalidInputError('wrongPassword', 'The present password is another one.', [
        { field: 'current', code: 'wrongPassword', message: 'is not the present password' },
      ]);
    }
    checkPassword(change.next, account);
    await this.accounts.setPassword(account.accountId, await this.hasher.hash(change.next));
    await this.sessions.endAllOf(account.accountId, hashToken(token));
  }

  private async linkByEmail(
    identity: Identity,
    email: string | undefined,
  ): Promise<AccountSecret | undefined> {
    const address = email === undefined ? undefined : normaliseEmail(email);
    const account = address === undefined ? undefined : await this.accounts.findByEmail(address);
    if (account === undefined) return undefined;
    // Who chose the password has never shown that the address is theirs: an admin elsewhere may have invited it to themselves.
    await this.accounts.link(account.accountId, identity);
    await this.sessions.endAllOf(account.accountId);
    return account;
  }
}

export class AccountLockedError extends NightshiftError {
  constructor(readonly lockedUntil: Date) {
    super(
      'locked',
      'accountLocked',
      `Too many wrong passwords. Nobody gets in until ${lockedUntil.toISOString()}, unless an operator opens earlier.`,
    );
  }
}

function isLocked({ lockedUntil }: AccountSecret, now: Date): boolean {
  return lockedUntil !== undefined && lockedUntil > now;
}

function wrongCredentials(): NightshiftError {
  return new NightshiftError('unauthorized', 'wrongCredentials', 'The address or the password is wrong.');
}
