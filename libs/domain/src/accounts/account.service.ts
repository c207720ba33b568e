import { randomBytes } from 'node:crypto';
import { ConflictError, InvalidInputError, NotFoundError } from '../errors/nightshift-error.js';
import { normaliseEmail, type Account, type ListedAccount } from './account.js';
import type { AccountRepository, AccountSecret, SessionRepository } from './account.repository.js';
import type { PasswordHasher } from './password-rules.js';

/** What operators do with accounts. */
export class AccountService {
  constructor(
    private readonly accounts: AccountRepository,
    private readonly sessions: SessionRepository,
    private readonly hasher: PasswordHasher,
  ) {}

  /** With a password that nobody chose: shown this once. */
  async create(request: {
    readonly email: string;
    readonly name: string;
    readonly isOperator: boolean;
  }): Promise<{ account: Account; password: string }> {
    const email = normaliseEmail(request.email);
    if (email === undefined) throw new InvalidInputError('invalidEmail', 'This is no e-mail address.');
    const password = createPassword();
    const passwordHash = await this.hasher.hash(password);
    const account = await this.accounts.add({ ...request, email, passwordHash });
    if (account === undefined)
      throw new ConflictError('accountExists', `There is an account for ${email} already.`);
    return { account, password };
  }

  list(): Promise<ListedAccount[]> {
    return this.accounts.list();
  }

  /** After too many wrong passwords. */
  async unlock(email: string): Promise<void> {
    await this.accounts.clearFailures((await this.find(email)).accountId);
  }

  /** A new password that nobody chose; whoever is signed in by the old one is out. */
  async resetPassword(email: string): Promise<string> {
    const { accountId } = await this.find(email);
    const password = createPassword();
    await this.accounts.setPassword(accountId, await this.hasher.hash(password));
    await this.accounts.clearFailures(accountId);
    await this.sessions.endAllOf(accountId);
    return password;
  }

  /** Signed out everywhere, and nobody signs in; what the person has done stays recorded. */
  async disable(email: string, now = new Date()): Promise<void> {
    const { accountId } = await this.find(email);
    await this.accounts.disable(accountId, now);
    await this.sessions.endAllOf(accountId);
  }

  async enable(email: string): Promise<void> {
    await this.accounts.disable((await this.find(email)).accountId, undefined);
  }

  async find(email: string): Promise<AccountSecret> {
    const account = await this.accounts.findByEmail(normaliseEmail(email) ?? email);
    if (account === undefined) throw new NotFoundError('account', email);
    return account;
  }
}

/** 120 random bits in groups that can be read out on the phone. */
function createPassword(): string {
  const letters = 'abcdefghijkmnpqrstuvwxyz23456789';
  const groups = Array.from({ length: 6 }, () =>
    Array.from(randomBytes(4), (byte) => letters[byte % letters.length]).join(''),
  );
  return groups.join('-');
}
