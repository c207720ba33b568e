// One serving node as it runs in production, over a database of its own with one tenant in it; gone afterwards.
import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import getPort from 'get-port';
import pg from 'pg';
import { createKeyToken, OVERALL_FALLBACK, type KeyScope, type ListWriter } from '#libs/domain';
import { LmdbListStore } from '#libs/persistence';
import { provisionDatabase } from '../../tools/provision.ts';
import type { LoginUrls } from '../../tools/provisioning/logins.ts';
import { startServices, type Services } from '../../tools/services/services.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const READY_DEADLINE_MS = 60_000;
const PRODUCTS = 10_000;
const LIST_LENGTH = 100;

export class ServingNode {
  readonly port: number;
  private child: ChildProcess | undefined;

  readonly stateDir: string;
  private readonly services: Services;
  private readonly logins: LoginUrls;
  private readonly changes: Record<string, string>;

  private constructor(
    stateDir: string,
    services: Services,
    logins: LoginUrls,
    port: number,
    changes: Record<string, string>,
  ) {
    this.stateDir = stateDir;
    this.services = services;
    this.logins = logins;
    this.changes = changes;
    this.port = port;
  }

  static async start(changes: Record<string, string> = {}): Promise<ServingNode> {
    const stateDir = mkdtempSync(path.join(tmpdir(), 'nightshift-bench-'));
    const redisProgramDir = path.join(ROOT, '.nightshift', 'redis-server');
    const services = await startServices({ stateDir, env: {}, redisProgramDir });
    const logins = await provisionDatabase(services.databaseUrl, { stateDir });
    return new ServingNode(stateDir, services, logins, await getPort({ host: '127.0.0.1' }), changes);
  }

  /** Starts the program and waits until it is ready. `nodeArguments` for a profile, say. */
  async run(nodeArguments: readonly string[] = []): Promise<void> {
    const log = openSync(path.join(this.stateDir, 'serving.log'), 'a');
    this.child = spawn(
      process.execPath,
      [...nodeArguments, path.join(ROOT, 'dist/apps/serving/src/main.js')],
      {
        env: {
          ...process.env,
          SERVING_DATABASE_URL: this.logins.serving,
          REDIS_URL: this.services.redisUrl,
          STATE_DIR: this.stateDir,
          SERVING_PORT: String(this.port),
          LOG_LEVEL: 'info',
          ...this.changes,
        },
        stdio: ['ignore', log, log],
        cwd: this.stateDir,
      },
    );
    closeSync(log);
    const end = Date.now() + READY_DEADLINE_MS;
    for (;;) {
      const answer = await fetch(`http://127.0.0.1:${this.port}/health/ready`).catch(() => undefined);
      await answer?.body?.cancel();
      if (answer?.ok) return;
      if (this.child.exitCode !== null || Date.now() > end)
        throw new Error(`The serving node is not ready.\n${this.log()}`);
      await sleep(50);
    }
  }

  /** Microseconds of CPU that the process has used so far, all of its threads. */
  async cpuMicros(): Promise<number> {
    const text = await (await fetch(`http://127.0.0.1:${this.port}/metrics`)).text();
    const seconds = /^nightshift_process_cpu_seconds_total(?:\{[^}]*\})? (\S+)$/m.exec(text)?.[1];
    if (seconds === undefined) throw new Error('The serving node does not say what CPU it has used.');
    return Number(seconds) * 1e6;
  }

  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const { child } = this;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await ended;
  }

  log(): string {
    return readFileSync(path.join(this.stateDir, 'serving.log'), 'utf8').split('\n').slice(-20).join('\n');
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
  async publish(tenantId: number, slug: string, version: number, customers: number): Promise<string> {
    const listFile = `${tenantId}/${version}-${randomUUID()}.mdb`;
    const writer = await new LmdbListStore(this.stateDir).create(listFile, {
      tenant: slug,
      modelVersion: version,
      algorithm: 'hybrid',
      watermark: '2026-11-20T00:00:00.000Z',
      productIds: Array.from({ length: PRODUCTS }, (_, index) => `V${version}-P${padded(index)}`),
    });
    for (const [index, id] of customerIds(customers).entries()) putList(writer, id, index);
    writer.putFallback(OVERALL_FALLBACK, rankedList(0));
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

  async close(): Promise<void> {
    await this.end();
    await this.services.stop();
    rmSync(this.stateDir, { recursive: true, force: true });
  }
}

/** In the order in which the list file wants them. */
export function customerIds(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `C${padded(index)}`);
}

const padded = (index: number): string => String(index).padStart(6, '0');

function putList(writer: ListWriter, customerId: string, index: number): void {
  writer.putCustomer(customerId, rankedList(index));
}

function rankedList(seed: number) {
  return {
    products: Int32Array.from({ length: LIST_LENGTH }, (_, i) => (seed * 31 + i * 97) % PRODUCTS),
    scores: Float32Array.from({ length: LIST_LENGTH }, (_, i) => 0.97 - i / 127 + (seed % 97) / 9973),
    sources: Uint8Array.from({ length: LIST_LENGTH }, (_, i) => (seed + i) % 4),
  };
}
