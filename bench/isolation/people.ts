import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { createToken, csrfTokenOf, hashToken, type MemberRole } from '#libs/domain';
import { sessionCredential } from './ask.ts';

const COOKIE = 'ns_session';
const HOUR_MS = 3_600_000;

interface SessionState {
  readonly expiresInMs?: number;
  readonly idleMs?: number;
  /** As after signing out: the cookie is there, the session is not. */
  readonly isStored?: false;
}

/** One side of a trial, as far as people are concerned. */
export interface Side {
  readonly id: number;
  readonly canary: string;
}

/** People and sessions, put in place behind the API's back: in every state that they can come to. */
export class TrialPeople {
  private readonly admin: pg.Client | pg.Pool;

  constructor(admin: pg.Client | pg.Pool) {
    this.admin = admin;
  }

  async account(
    email: string,
    options: { isOperator?: boolean; passwordHash?: string } = {},
  ): Promise<string> {
    const accountId = randomUUID();
    await this.admin.query(
      'INSERT INTO account (account_id, email, name, is_operator, password_hash) VALUES ($1, $2, $3, $4, $5)',
      [accountId, email, email.split('@')[0], options.isOperator ?? false, options.passwordHash ?? null],
    );
    return accountId;
  }

  async member(
    { id, canary }: Side,
    name: string,
    role: MemberRole = 'admin',
    passwordHash?: string,
  ): Promise<string> {
    const accountId = await this.account(`${canary}-${name}@people.example`, { passwordHash });
    await this.admin.query('INSERT INTO member (tenant_id, account_id, role) VALUES ($1, $2, $3)', [
      id,
      accountId,
      role,
    ]);
    return accountId;
  }

  /** @returns a credential */
  async session(
    accountId: string,
    { expiresInMs = 12 * HOUR_MS, idleMs = 0, isStored }: SessionState = {},
  ): Promise<string> {
    const token = createToken();
    if (isStored !== false)
      await this.admin.query(
        `INSERT INTO session (token_sha256, account_id, seen_at, expires_at) VALUES ($1, $2, $3, $4)`,
        [hashToken(token), accountId, new Date(Date.now() - idleMs), new Date(Date.now() + expiresInMs)],
      );
    return sessionCredential(`${COOKIE}=${token}`, csrfTokenOf(token));
  }

  private async visit(accountId: string, tenantId: number, columns: string): Promise<void> {
    await this.admin.query(
      `INSERT INTO operator_visit (tenant_id, visit_id, account_id, operator, reason, started_at, until, ended_at)
       SELECT $1, $2, $3, 'an operator', 'a ticket', now() - interval '1 hour', ${columns}`,
      [tenantId, randomUUID(), accountId],
    );
  }

  /** Sessions of somebody in B's own tenant, and that of its admin. */
  async ofB(b: Side): Promise<Record<string, string>> {
    const admin = await this.session(await this.member(b, 'admin'));
    await this.member(b, 'analyst', 'analyst');
    return { 'session: admin': admin };
  }

  /** What somebody of A may hold: living sessions in A, and dead ones that would open B if they lived. */
  async ofA(a: Side, b: Side): Promise<Record<string, string>> {
    const [admin, analyst] = [await this.member(a, 'admin'), await this.member(a, 'analyst', 'analyst')];
    const ofB = (name: string) => this.member(b, name);
    const living = await this.session(admin);
    const removed = await ofB('removed');
    const sessions = {
      ...{ 'session: admin': living, 'session: analyst': await this.session(analyst) },
      'session: without its token': living.replace(/ [\w-]+$/, ' '),
      "dead session: B's admin, expired": await this.session(await ofB('expired'), { expiresInMs: -1_000 }),
      "dead session: B's admin, idle": await this.session(await ofB('idle'), { idleMs: 9 * HOUR_MS }),
      "dead session: B's admin, signed out": await this.session(await ofB('out'), { isStored: false }),
      'dead session: removed from B': await this.session(removed),
      'dead session: of B, shut out': await this.shutOut(await ofB('shut')),
      ...(await this.ofOperators(a, b)),
    };
    await this.admin.query('DELETE FROM member WHERE account_id = $1', [removed]);
    return sessions;
  }

  /** People of the platform who are not inside B, and who may be nothing to B. */
  private async ofOperators(a: Side, b: Side): Promise<Record<string, string>> {
    const operator = async (name: string, isOperator: boolean, tenantId?: number, columns = '') => {
      const accountId = await this.account(`${a.canary}-${name}@platform.example`, { isOperator });
      if (tenantId !== undefined) await this.visit(accountId, tenantId, columns);
      return this.session(accountId);
    };
    const [open, over] = [`now() + interval '1 hour'`, `now() - interval '1 minute'`];
    return {
      'operator: visit ended': await operator('ended', true, b.id, `${open}, now()`),
      'operator: time is over': await operator('over', true, b.id, `${over}, NULL`),
      'operator: inside A alone': await operator('elsewhere', true, a.id, `${open}, NULL`),
      'operator: without a visit': await operator('outside', true),
      'operator: no more, visit open': await operator('former', false, b.id, `${open}, NULL`),
    };
  }

  private async shutOut(accountId: string): Promise<string> {
    const session = await this.session(accountId);
    await this.admin.query('UPDATE account SET disabled_at = now() WHERE account_id = $1', [accountId]);
    return session;
  }

  /** Members whom an attack may remove: not those whose sessions are needed. @returns their ids and addresses */
  async spare(a: Side): Promise<{ accountId: string[]; email: string[] }> {
    const names = ['spare-1', 'spare-2', 'spare-3'];
    const accountId: string[] = [];
    for (const name of names) accountId.push(await this.member(a, name, 'analyst'));
    return { accountId, email: names.map((name) => `${a.canary}-${name}@people.example`) };
  }
}
