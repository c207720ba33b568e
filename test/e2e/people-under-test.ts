import { randomBytes, randomUUID } from 'node:crypto';
import type { MemberRole, Tenant } from '#libs/domain';
import {
  AccountsDatabase,
  Argon2PasswordHasher,
  createPostgresPool,
  PostgresAccountRepository,
  PostgresMemberRepository,
} from '#libs/persistence';
import type { ApiUnderTest, Method } from './api-under-test.js';

export const PASSWORD = 'seven quiet ferries';
type Answer = Awaited<ReturnType<ApiUnderTest['ask']>>;

export interface Person {
  readonly accountId: string;
  readonly email: string;
}

/** A browser: keeps the cookie, and sends along what its session told it. */
export class Browser {
  cookie: string | undefined;
  csrfToken: string | undefined;

  constructor(private readonly api: ApiUnderTest) {}

  async signIn(email: string, password = PASSWORD): Promise<Answer> {
    const answer = await this.ask('POST', '/v1/session', { email, password });
    if (answer.statusCode === 200) this.csrfToken = answer.json().csrfToken;
    return answer;
  }

  async ask(method: Method | 'PATCH', url: string, payload?: unknown): Promise<Answer> {
    const answer = await this.api.app.inject({
      method,
      url,
      headers: {
        ...(this.cookie === undefined ? {} : { cookie: this.cookie }),
        ...(this.csrfToken === undefined ? {} : { 'x-csrf-token': this.csrfToken }),
      },
      // Each from an address of its own: how often one may try is another test's subject.
      remoteAddress: `10.0.${randomBytes(1)[0]}.${randomBytes(1)[0]}`,
      ...(payload === undefined ? {} : { payload: payload as object }),
    });
    const cookie = answer.cookies.find(({ name }) => name === 'ns_session');
    if (cookie !== undefined) this.cookie = cookie.value === '' ? undefined : `ns_session=${cookie.value}`;
    return answer;
  }
}

/** People who may sign in, put in place behind the API's back. */
export class People {
  private readonly database = new AccountsDatabase(
    createPostgresPool({
      connectionString: process.env.TEST_ACCOUNTS_DATABASE_URL!,
      max: 2,
      applicationName: 'people-spec',
    }),
  );
  readonly accounts = new PostgresAccountRepository(this.database);
  private readonly members = new PostgresMemberRepository(this.database);

  async add(
    options: { tenant?: Tenant; role?: MemberRole; isOperator?: boolean; password?: string } = {},
  ): Promise<Person> {
    const { tenant, role = 'admin', isOperator = false, password = PASSWORD } = options;
    const email = `p-${randomUUID()}@people.example`;
    const passwordHash = await new Argon2PasswordHasher().hash(password);
    const account = await this.accounts.add({ email, name: 'Pat Person', passwordHash, isOperator });
    if (tenant !== undefined) await this.members.add(tenant.id, account!.accountId, role);
    return { accountId: account!.accountId, email };
  }

  close(): Promise<void> {
    return this.database.close();
  }
}
