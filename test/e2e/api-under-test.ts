import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ApiKeyService, FleetTenantService, KEY_SCOPES, type KeyScope, type Tenant } from '#libs/domain';
import {
  createPostgresPool,
  PostgresApiKeyRepository,
  PostgresFleetTenantRepository,
  TenantDatabase,
} from '#libs/persistence';
import { createApi } from '../../apps/api/src/create-api.js';

export type Method = 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';
type Answer = Awaited<ReturnType<NestFastifyApplication['inject']>>;

interface AskOptions {
  readonly token?: string;
  readonly payload?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Slug in the address; the own tenant's if absent. */
  readonly tenant?: string;
}

/** The whole control plane in this process, on a real Postgres, with two tenants that must not see each other. */
export class ApiUnderTest {
  private constructor(
    readonly app: NestFastifyApplication,
    readonly database: TenantDatabase,
    readonly own: Tenant,
    readonly other: Tenant,
    readonly ownToken: string,
    readonly otherToken: string,
  ) {}

  static async start(): Promise<ApiUnderTest> {
    process.env.DATABASE_URL = process.env.TEST_DATABASE_URL;
    process.env.ACCOUNTS_DATABASE_URL = process.env.TEST_ACCOUNTS_DATABASE_URL;
    process.env.PLATFORM_DATABASE_URL = process.env.TEST_PLATFORM_DATABASE_URL;
    process.env.STATE_DIR = process.env.TEST_STATE_DIR;
    process.env.LOG_LEVEL = 'silent';
    const database = new TenantDatabase(createPool('TEST_DATABASE_URL'));
    const [own, other] = await createTenants(['own', 'other']);
    const app = await createApi();
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
    const [ownToken, otherToken] = [await createToken(database, own), await createToken(database, other)];
    return new ApiUnderTest(app, database, own, other, ownToken, otherToken);
  }

  get ownSlug(): string {
    return this.own.slug;
  }

  get otherSlug(): string {
    return this.other.slug;
  }

  /** A key of the own tenant. */
  tokenWith(scopes: readonly KeyScope[]): Promise<string> {
    return createToken(this.database, this.own, scopes);
  }

  ask(
    method: Method,
    path: string,
    { token, payload, headers = {}, tenant = this.ownSlug }: AskOptions = {},
  ): Promise<Answer> {
    return this.app.inject({
      method,
      url: `/v1/tenants/${tenant}${path}`,
      headers: { ...headers, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
      ...(payload === undefined ? {} : { payload: payload as object }),
    });
  }

  async stop(): Promise<void> {
    await this.app.close();
    await this.database.close();
  }
}

/** The one shape of every error, whatever went wrong. */
export function expectProblem(answer: Answer, status: number, code?: string) {
  expect({ status: answer.statusCode, body: answer.body }).toMatchObject({ status });
  expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
  const problem = answer.json();
  expect(problem).toMatchObject({ status, instance: answer.headers['x-request-id'] });
  expect(problem.title).toEqual(expect.any(String));
  expect(problem.detail).toEqual(expect.any(String));
  if (code !== undefined) expect(problem.code).toBe(code);
  expect(answer.body).not.toMatch(/\.ts:|\.js:|node_modules|SELECT |prisma/i);
  return problem;
}

async function createTenants(names: readonly string[]): Promise<Tenant[]> {
  const suffix = randomBytes(4).toString('hex');
  const pool = createPool('TEST_PLATFORM_DATABASE_URL');
  const fleet = new FleetTenantService(new PostgresFleetTenantRepository(pool));
  const profile = { name: 'A shop', timeZone: 'Europe/Berlin', currency: 'EUR', settings: {} };
  const tenants = await Promise.all(
    names.map((name) => fleet.create({ slug: `${name}-${suffix}`, ...profile })),
  );
  await pool.end();
  return tenants;
}

async function createToken(
  database: TenantDatabase,
  tenant: Tenant,
  scopes: readonly KeyScope[] = KEY_SCOPES,
): Promise<string> {
  const keys = new ApiKeyService(new PostgresApiKeyRepository(database));
  return (await keys.create(tenant, { name: 'spec', scopes })).token;
}

function createPool(name: string) {
  return createPostgresPool({ connectionString: process.env[name]!, max: 3, applicationName: 'api-spec' });
}
