// What many workers stand on: a database of its own, Redis and a state folder; gone afterwards.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import getPort from 'get-port';
import type pg from 'pg';
import { createPostgresPool, TenantDatabase } from '#libs/persistence';
import { ROOT } from '../../tools/launcher/platform.ts';
import { provisionDatabase } from '../../tools/provision.ts';
import type { LoginUrls } from '../../tools/provisioning/logins.ts';
import { restartPostgres, startPostgres } from '../../tools/services/postgres.ts';
import { flushRedis } from '../../tools/services/redis.ts';
import { startServices, type Services } from '../../tools/services/services.ts';
import { AppProcess } from './app-process.ts';
import { say } from './test-platform.ts';

export class FleetPlatform {
  readonly stateDir: string;
  readonly workers: AppProcess[] = [];
  /** The application's login, as the workers use it. */
  readonly tenants: TenantDatabase;
  private readonly services: Services;
  private readonly logins: LoginUrls;
  private readonly pool: pg.Pool;

  private constructor(stateDir: string, services: Services, logins: LoginUrls) {
    this.stateDir = stateDir;
    this.services = services;
    this.logins = logins;
    const options = { connectionString: logins.app, max: 2, applicationName: 'nightshift-proof' };
    this.tenants = new TenantDatabase(createPostgresPool(options));
    this.pool = createPostgresPool({ ...options, connectionString: services.databaseUrl });
  }

  static async start(): Promise<FleetPlatform> {
    const stateDir = mkdtempSync(path.join(tmpdir(), 'nightshift-proof-'));
    const redisProgramDir = path.join(ROOT, '.nightshift', 'redis-server');
    const services = await startServices({ stateDir, env: {}, redisProgramDir, report: say });
    return new FleetPlatform(stateDir, services, await provisionDatabase(services.databaseUrl, { stateDir }));
  }

  get adminUrl(): string {
    return this.services.databaseUrl;
  }

  async addWorker(changes: Record<string, string> = {}): Promise<AppProcess> {
    const port = await getPort({ host: '127.0.0.1' });
    const name = `worker-${this.workers.length + 1}`;
    const worker = new AppProcess({
      ...{ app: 'worker', name },
      logFile: path.join(this.stateDir, `${name}.log`),
      readyUrl: `http://127.0.0.1:${port}/health/ready`,
      environment: {
        DATABASE_URL: this.logins.app,
        PLATFORM_DATABASE_URL: this.logins.platform,
        REDIS_URL: this.services.redisUrl,
        STATE_DIR: this.stateDir,
        WORKER_PORT: String(port),
        // Everything that happens is asked for by the proof.
        PLAN_MS: '0',
        ATTRIBUTE_MS: '0',
        MAINTAIN_MS: '0',
        ...changes,
      },
    });
    this.workers.push(worker);
    return worker;
  }

  async addServing(changes: Record<string, string> = {}): Promise<AppProcess> {
    const port = await getPort({ host: '127.0.0.1' });
    const url = `http://127.0.0.1:${port}`;
    return new AppProcess({
      ...{ app: 'serving', name: 'serving', url },
      logFile: path.join(this.stateDir, `serving-${port}.log`),
      readyUrl: `${url}/health/ready`,
      environment: {
        SERVING_DATABASE_URL: this.logins.serving,
        REDIS_URL: this.services.redisUrl,
        STATE_DIR: this.stateDir,
        SERVING_PORT: String(port),
        ...changes,
      },
    });
  }

  flushRedis(): Promise<void> {
    return flushRedis(this.services.redisUrl);
  }

  /** `hard`: as a crash would end it. */
  async restartPostgres(hard: boolean): Promise<void> {
    await restartPostgres(this.stateDir, { hard });
  }

  /** Past row-level security: what is really stored. */
  async query<T extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<T[]> {
    return (await this.pool.query<T>(text, values)).rows;
  }

  /** @param beforeRemoval when nobody works in the state folder any more, and it is still there */
  async close(beforeRemoval: () => void = () => undefined): Promise<void> {
    for (const worker of this.workers) {
      worker.signal('SIGCONT');
      await worker.end('SIGKILL');
    }
    await this.tenants.close();
    await this.pool.end();
    // One that was restarted is another process than the one that was started first, and is found by its data folder.
    await (await startPostgres(this.stateDir)).stop();
    await this.services.stop();
    beforeRemoval();
    rmSync(this.stateDir, { recursive: true, force: true });
  }
}
