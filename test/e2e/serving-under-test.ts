import 'reflect-metadata';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  countryFallback,
  createKeyToken,
  OVERALL_FALLBACK,
  type KeyScope,
  type LifecycleState,
  type Tenant,
} from '#libs/domain';
import { LmdbListStore } from '#libs/persistence';
import { createTestTenant, openTestDatabase, type TestDatabase } from '#libs/testing';
import { createServing } from '../../apps/serving/src/create-serving.js';

/** Customers with a list of their own, with ids that addresses, quotes and code pages have trouble with. */
export const ODD_CUSTOMERS = ['anna', "O'Brien", 'say "hi"', 'a/b', '🛒 basket', '100%', 'ü'.repeat(200)];
/** Serves version 1, rivals with version 9, or has no model yet. */
export type Role = 'shop' | 'rival' | 'newcomer';

const POLL_MS = 100;
const NO_REDIS = 'redis://127.0.0.1:1';

interface Call {
  readonly key?: string;
  readonly tenant?: string;
  readonly payload?: object | string;
  readonly on?: NestFastifyApplication;
}

/** The data plane in one process over a real Postgres, with three tenants, their keys and their lists. */
export class ServingUnderTest {
  private readonly environmentBefore = { ...process.env };
  readonly keys: Record<string, string> = {};
  app!: NestFastifyApplication;

  private constructor(
    readonly database: TestDatabase,
    readonly stateDirectory: string,
    readonly tenants: Readonly<Record<Role, Tenant>>,
    private readonly store: LmdbListStore,
  ) {}

  static async start(): Promise<ServingUnderTest> {
    const database = await openTestDatabase(process.env);
    const stateDirectory = await mkdtemp(join(tmpdir(), 'nightshift-serving-'));
    const [shop, rival, newcomer] = [
      await createTestTenant(database),
      await createTestTenant(database),
      await createTestTenant(database),
    ];
    const store = new LmdbListStore(stateDirectory);
    const serving = new ServingUnderTest(database, stateDirectory, { shop, rival, newcomer }, store);
    await serving.addKey('shop', 'reader', ['read']);
    await serving.addKey('shop', 'reporter', ['feedback']);
    await serving.addKey('shop', 'expired', ['read'], { expires: new Date(Date.now() - 1_000) });
    await serving.addKey('shop', 'revoked', ['read'], { revoked: new Date() });
    await serving.addKey('rival', 'rival', ['read', 'feedback']);
    await serving.addKey('newcomer', 'newcomer', ['read']);
    await serving.pointAt('shop', 1, await serving.writeLists('shop', 1));
    await serving.pointAt('rival', 9, await serving.writeLists('rival', 9));
    serving.app = await serving.startNode();
    return serving;
  }

  get shop(): string {
    return this.tenants.shop.slug;
  }

  get rival(): string {
    return this.tenants.rival.slug;
  }

  /** Another node, on the same folder unless told otherwise. */
  async startNode(changes: Record<string, string> = {}): Promise<NestFastifyApplication> {
    Object.assign(process.env, {
      SERVING_DATABASE_URL: process.env.TEST_SERVING_DATABASE_URL,
      STATE_DIR: this.stateDirectory,
      POLL_MS: String(POLL_MS),
      LOG_LEVEL: 'silent',
      REDIS_URL: NO_REDIS,
      ...changes,
    });
    const started = await createServing();
    await started.init();
    await started.getHttpAdapter().getInstance().ready();
    return started;
  }

  /** `path` below the tenant's address; `key` is the name of one that was added, or the header itself. */
  async call(path: string, { key = 'reader', tenant = this.shop, payload, on = this.app }: Call = {}) {
    const authorization = this.keys[key] === undefined ? key : `Bearer ${this.keys[key]}`;
    const answer = await on.inject({
      method: payload === undefined ? 'GET' : 'POST',
      url: `/v1/tenants/${tenant}/${path}`,
      payload,
      headers: {
        ...(authorization === '' ? {} : { authorization }),
        ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
      },
    });
    return { status: answer.statusCode, headers: answer.headers, body: answer.json() };
  }

  asTenant(role: Role, sql: string, values: unknown[] = []) {
    return this.database.tenants.runBulk(this.tenants[role].id, (client) => client.query(sql, values));
  }

  setState(role: Role, state: LifecycleState): Promise<unknown> {
    // A change of state always carries its time: serving nodes notice it by that.
    return this.asTenant(
      role,
      'UPDATE tenant SET state = $2::lifecycle_state, state_changed_at = now() WHERE id = $1',
      [this.tenants[role].id, state],
    );
  }

  addKey(
    role: Role,
    name: string,
    scopes: KeyScope[],
    ends: { expires?: Date; revoked?: Date } = {},
  ): Promise<void> {
    return this.addKeyOf(this.tenants[role], name, scopes, ends);
  }

  async addKeyOf(
    tenant: Tenant,
    name: string,
    scopes: KeyScope[],
    ends: { expires?: Date; revoked?: Date } = {},
  ): Promise<void> {
    const { keyId, secretSha256, token } = createKeyToken();
    await this.database.tenants.runBulk(tenant.id, (client) =>
      client.query(
        `INSERT INTO api_key (tenant_id, key_id, name, secret_sha256, scopes, expires_at, revoked_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)`,
        [tenant.id, keyId, name, secretSha256, scopes, ends.expires ?? null, ends.revoked ?? null],
      ),
    );
    this.keys[name] = token;
  }

  /** Lists of 30 products named after the version, so that a mixed answer would show. */
  async writeLists(role: Role, version: number, header: object = {}): Promise<string> {
    const { slug } = this.tenants[role];
    const listFile = `${slug}/${version}-${randomUUID()}.lists`;
    const writer = await this.store.create(listFile, {
      tenant: slug,
      modelVersion: version,
      algorithm: 'hybrid',
      watermark: '2026-11-20T00:00:00.000Z',
      productIds: Array.from({ length: 40 }, (_, index) => `v${version}-p${index}`),
      ...header,
    });
    for (const customer of ODD_CUSTOMERS) writer.putCustomer(customer, list(0, 30, 2));
    writer.putFallback(OVERALL_FALLBACK, list(5, 30, 0));
    writer.putFallback(countryFallback('Norway'), list(10, 3, 3));
    writer.putCustomerFallback('nils', countryFallback('Norway'));
    await writer.finish();
    return listFile;
  }

  async pointAt(role: Role, version: number, listFile: string): Promise<void> {
    await this.asTenant(
      role,
      `INSERT INTO serving_pointer (tenant_id, model_version, publication_id, list_file) VALUES ($1, $2, $3, $4)
       ON CONFLICT (tenant_id) DO UPDATE SET model_version = excluded.model_version, list_file = excluded.list_file,
         publication_id = excluded.publication_id, revision = serving_pointer.revision + 1`,
      [this.tenants[role].id, version, randomUUID(), listFile],
    );
  }

  async stop(): Promise<void> {
    await this.app?.close();
    await this.database.close();
    process.env = this.environmentBefore;
    await rm(this.stateDirectory, { recursive: true, force: true });
  }
}

export async function eventually(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 5_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('Not within five seconds.');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function list(first: number, length: number, source: number) {
  return {
    products: Int32Array.from({ length }, (_, index) => first + index),
    scores: Float32Array.from({ length }, (_, index) => 1 - index / 100),
    sources: new Uint8Array(length).fill(source),
  };
}
