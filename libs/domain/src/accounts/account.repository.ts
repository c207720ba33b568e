import type { Account, ListedAccount, Membership, OperatorVisit } from './account.js';

/** What signing in looks at. */
export interface AccountSecret extends Account {
  readonly passwordHash: string | undefined;
  readonly lockedUntil: Date | undefined;
  readonly disabledAt: Date | undefined;
}

/** Who somebody is for a provider of OpenID Connect. */
export interface Identity {
  readonly issuer: string;
  readonly subject: string;
}

export interface NewAccount {
  readonly email: string;
  readonly name: string;
  readonly passwordHash: string | undefined;
  readonly isOperator: boolean;
}

export abstract class AccountRepository {
  abstract findByEmail(email: string): Promise<AccountSecret | undefined>;
  abstract findById(accountId: string): Promise<AccountSecret | undefined>;
  abstract findByIdentity(identity: Identity): Promise<AccountSecret | undefined>;
  /** Undefined when the address is taken. */
  abstract add(account: NewAccount): Promise<Account | undefined>;
  /** From now on the person comes this way, and by the password of before no more. */
  abstract link(accountId: string, identity: Identity): Promise<void>;
  abstract setPassword(accountId: string, passwordHash: string): Promise<void>;
  /** Counts a wrong password, and locks at `lockAfter` of them in a row. @returns until when it is locked */
  abstract noteFailure(accountId: string, lockAfter: number, lockUntil: Date): Promise<Date | undefined>;
  /** Nothing is counted or locked any more. */
  abstract clearFailures(accountId: string): Promise<void>;
  abstract disable(accountId: string, at: Date | undefined): Promise<void>;
  abstract list(): Promise<ListedAccount[]>;
}

export interface StoredSession {
  readonly account: Account;
  readonly memberships: readonly Membership[];
  readonly visits: readonly OperatorVisit[];
  readonly createdAt: Date;
  readonly seenAt: Date;
  readonly expiresAt: Date;
}

export abstract class SessionRepository {
  abstract add(session: { tokenSha256: string; accountId: string; expiresAt: Date }): Promise<void>;
  /** Undefined when it has ended or its account is disabled. */
  abstract find(tokenSha256: string, now: Date): Promise<StoredSession | undefined>;
  abstract noteSeen(tokenSha256: string, at: Date): Promise<void>;
  abstract end(tokenSha256: string): Promise<void>;
  /** @param exceptTokenSha256 goes on */
  abstract endAllOf(accountId: string, exceptTokenSha256?: string): Promise<void>;
  /** Ended by time. @returns how many */
  abstract deleteExpired(now: Date): Promise<number>;
}
