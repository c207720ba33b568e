// What serving nodes stand on: a database of its own, Redis and a folder with lists; gone afterwards.
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import getPort from 'get-port';
import pg from 'pg';
import { createKeyToken, OVERALL_FALLBACK, type KeyScope, type ListWriter, type Rule } from '#libs/domain';
import { LmdbListStore } from '#libs/persistence';
import { provisionDatabase } from '../../tools/provision.ts';
import type { LoginUrls } from '../../tools/provisioning/logins.ts';
import { endProcess } from '../../tools/services/processes.ts';
import { startServices, type ServiceName, type Services } from '../../tools/services/services.ts';
import { ServingProcess } from './serving-process.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
export const PRODUCTS = 10_000;
const LIST_LENGTH = 100;

export class ServingPlatform {
  readonly stateDir: string;
  private readonly services: Services;
  private readonly logins: LoginUrls;
  private readonly processes: ServingProcess[] = [];

  private constructor(stateDir: string, services: Services, logins: LoginUrls) {
    this.stateDir = stateDir;
    this.services = services;
    this.logins = logins;
  }

  static async start(): Promise<ServingPlatform> {
    const stateDir = mkdtempSync(path.join(tmpdir(), 'nightshift-bench-'));
    const redisProgramDir = path.join(ROOT, '.nightshift', 'redis-server');
    const services = await startServices({ stateDir, env: {}, redisProgramDir });
    const logins = await provisionDatabase(services.databaseUrl, { stateDir });
    return new ServingPlatform(stateDir, services, logins);
  }

  /** A node of this platform, not yet running. */
  async addNode(changes: Record<string, string> = {}): Promise<ServingProcess> {
    const port = await getPort({ host: '127.0.0.1' });
    const environment = {
      // One key asks for everybody here, and as often as the machine allows.
      KEY_REQUESTS_PER_SECOND: '10000000',
      SERVING_DATABASE_URL: this.logins.serving,
      REDIS_URL: this.services.redisUrl,
      STATE_DIR: this.stateDir,
      LOG_LEVEL: 'info',
      ...changes,
    };
    const logFile = path.join(this.stateDir, `serving-${port}.log`);
    const node = new ServingProcess({ port, environment, logFile });
    this.processes.push(node);
    return node;
  }

  /** Stops a service hard: no good-bye to anybody. */
  async stopService(name: ServiceName): Promise<void> {
    const found = this.services.processes.find((service) => service.name === name);
    if (found === undefined) throw new Error(`${name} does not run.`);
    await endProcess(found.identity, { ask: name === 'postgres' ? 'SIGQUIT' : 'SIGKILL' });
  }

  revive(name: ServiceName): Promise<void> {
    return this.services.revive(name);
  }

  async query<T extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<T[]> {
    const client = new pg.Client({ connectionString: this.services.databaseUrl });
    await client.connect();
    try {
      return (await client.query<T>(text, values)).rows;
    } finally {
      await client.end();
    }
  }

  async addTenant(slug: string): Promise<number> {
    const [{ id }] = await this.query<{ id: number }>(
      `INSERT INTO tenant (slug, name, time_zone) VALUES ($1, $1, 'Europe/Berlin') RETURNING id`,
      [slug],
    );
    return id;
  }

  async addKey(tenantId: number, scopes: readonly KeyScope[]): Promise<string> {
    const { keyId, secretSha256, token } = createKeyToken();
    await this.query(
      `INSERT INTO api_key (tenant_id, key_id, name, secret_sha256, scopes) VALUES ($1, $2, 'bench', $3, $4)`,
      [tenantId, keyId, secretSha256, scopes],
    );
    return token;
  }

  /** Lists of `customers` customers whose products are named after the version, so that a mixed answer would show. */
  async publish(
    tenantId: number,
    slug: string,
    version: number,
    customers: number,
    putParts?: (writer: ListWriter) => Promise<void>,
  ): Promise<string> {
    const listFile = `${tenantId}/${version}-${randomUUID()}.mdb`;
    const writer = await new LmdbListStore(this.stateDir).create(listFile, {
      tenant: slug,
      modelVersion: version,
      algorithm: 'hybrid',
      watermark: '2026-11-20T00:00:00.000Z',
      productIds: Array.from({ length: PRODUCTS }, (_, index) => `V${version}-P${padded(index)}`),
    });
    for (const [index, id] of customerIds(customers).entries()) writer.putCustomer(id, rankedList(index));
    writer.putFallback(OVERALL_FALLBACK, rankedList(0));
    await putParts?.(writer);
    await writer.finish();
    return listFile;
  }

  async pointAt(tenantId: number, version: number, listFile: string): Promise<void> {
    await this.query(
      `INSERT INTO serving_pointer (tenant_id, model_version, publication_id, list_file) VALUES ($1, $2, $3, $4)
       ON CONFLICT (tenant_id) DO UPDATE SET model_version = excluded.model_version, list_file = excluded.list_file,
         publication_id = excluded.publication_id, revision = serving_pointer.revision + 1, moved_at = now()`,
      [tenantId, version, randomUUID(), listFile],
    );
  }

  async setRules(tenantId: number, rules: readonly Rule[]): Promise<void> {
    await this.query(
      `WITH change AS (INSERT INTO offering_change (tenant_id, kind, version, document, reason, actor)
         VALUES ($1, 'rules', 1, $2, 'bench', 'bench'))
       INSERT INTO offering (tenant_id, rules_version) VALUES ($1, 1)`,
      [tenantId, JSON.stringify(rules)],
    );
  }

  async close(): Promise<void> {
    for (const node of this.processes) await node.end();
    await this.services.stop();
    rmSync(this.stateDir, { recursive: true, force: true });
  }
}

/** In the order in which the list file wants them. */
export function customerIds(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `C${padded(index)}`);
}

const padded = (index: number): string => String(index).padStart(6, '0');

function rankedList(seed: number) {
  return {
    products: Int32Array.from({ length: LIST_LENGTH }, (_, i) => (seed * 31 + i * 97) % PRODUCTS),
    scores: Float32Array.from({ length: LIST_LENGTH }, (_, i) => 0.97 - i / 127 + (seed % 97) / 9973),
    sources: Uint8Array.from({ length: LIST_LENGTH }, (_, i) => (seed + i) % 4),
  };
}
