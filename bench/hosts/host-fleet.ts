// Four hosts and what runs on them.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type pg from 'pg';
import { createPostgresPool, TenantDatabase } from '#libs/persistence';
import { ROOT } from '../../tools/launcher/platform.ts';
import { AppProcess } from '../platform/app-process.ts';
import type { DataHost } from './data-host.ts';
import type { HostNetwork } from './host-network.ts';
import type { AskedTenant, LoadResult } from './steady-load.ts';

const PORT = 7_000;
const ENDING_MS = 30_000;

export class HostFleet {
  readonly network: HostNetwork;
  readonly stateDir: string;
  readonly tenants: TenantDatabase;
  private readonly pool: pg.Pool;
  private readonly dataProcess: ChildProcess;
  private readonly data: DataHost;
  private readonly apps: AppProcess[] = [];

  private constructor(network: HostNetwork, stateDir: string, dataProcess: ChildProcess, data: DataHost) {
    this.network = network;
    this.stateDir = stateDir;
    this.dataProcess = dataProcess;
    this.data = data;
    const options = { connectionString: data.logins.app, max: 2, applicationName: 'nightshift-proof' };
    this.tenants = new TenantDatabase(createPostgresPool(options));
    this.pool = createPostgresPool({ ...options, connectionString: data.admin });
  }

  static async start(network: HostNetwork, hosts: readonly string[]): Promise<HostFleet> {
    const stateDir = mkdtempSync(path.join(tmpdir(), 'nightshift-proof-'));
    // PostgreSQL runs as another user, who has to get through.
    chmodSync(stateDir, 0o711);
    for (const host of ['data', ...hosts]) network.add(host);
    const folder = path.join(stateDir, 'data');
    const child = spawnOn(network, 'data', 'data-host.ts', [
      ...['--address', network.addressOf('data'), '--folder', folder],
      ...['--redis-program', path.join(ROOT, '.nightshift', 'redis-server')],
    ]);
    return new HostFleet(network, stateDir, child, JSON.parse(await firstLine(child)) as DataHost);
  }

  get adminUrl(): string {
    return this.data.admin;
  }

  get bucket(): Record<string, string> {
    return this.data.bucket;
  }

  folderOf(host: string): string {
    return path.join(this.stateDir, host);
  }

  /** One program on a host of its own. */
  async run(
    app: 'worker' | 'serving',
    host: string,
    changes: Record<string, string> = {},
  ): Promise<AppProcess> {
    const { network, data } = this;
    const folder = this.folderOf(host);
    mkdirSync(folder, { recursive: true });
    const url = `http://${network.addressOf(host)}:${PORT}`;
    const running = new AppProcess({
      ...{ app, name: host, url, prefix: network.on(host) },
      logFile: path.join(folder, `${host}.log`),
      readyUrl: `${url}/health/ready`,
      environment: {
        DATABASE_URL: data.logins.app,
        PLATFORM_DATABASE_URL: data.logins.platform,
        SERVING_DATABASE_URL: data.logins.serving,
        REDIS_URL: data.redis,
        STATE_DIR: folder,
        HOST: '0.0.0.0',
        ...{ WORKER_PORT: String(PORT), SERVING_PORT: String(PORT) },
        ...{ PLAN_MS: '0', ATTRIBUTE_MS: '0', POLL_MS: '200' },
        ...data.bucket,
        ...changes,
      },
    });
    this.apps.push(running);
    running.start();
    await running.untilReady();
    return running;
  }

  /** Requests on the host itself: they need no network, and go on while there is none. */
  load(host: string): { add(tenant: AskedTenant): void; end(): Promise<LoadResult> } {
    const child = spawnOn(this.network, host, 'steady-load.ts', ['--url', `http://127.0.0.1:${PORT}`]);
    return {
      add: (tenant) => void child.stdin?.write(`${JSON.stringify(tenant)}\n`),
      end: async () => {
        child.stdin?.end();
        return JSON.parse(await firstLine(child)) as LoadResult;
      },
    };
  }

  /** Past row-level security: what is really stored. */
  async query<T extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<T[]> {
    return (await this.pool.query<T>(text, values)).rows;
  }

  async close(): Promise<void> {
    for (const app of this.apps) await app.end('SIGKILL');
    await this.tenants.close();
    await this.pool.end();
    const ended = once(this.dataProcess, 'exit');
    this.dataProcess.stdin?.end();
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, ENDING_MS).unref())]);
    rmSync(this.stateDir, { recursive: true, force: true });
  }
}

function spawnOn(network: HostNetwork, host: string, script: string, args: readonly string[]): ChildProcess {
  const command = [...network.on(host), process.execPath, ...process.execArgv];
  const file = path.join(ROOT, 'bench/hosts', script);
  return spawn(command[0], [...command.slice(1), file, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('It has no output.');
  for await (const line of createInterface({ input: child.stdout })) return line;
  throw new Error('It has ended without a word.');
}
