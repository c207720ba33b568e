// A whole platform whose programs and database can be taken away and brought back in another state.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runCliForJson } from '../../tools/launcher/demo.ts';
import { Platform, ROOT } from '../../tools/launcher/platform.ts';
import { restartPostgres, startPostgres } from '../../tools/services/postgres.ts';
import { findRunningPostgres } from '../../tools/services/postgres-pid-file.ts';
import { choosePostgresPlace } from '../../tools/services/postgres-place.ts';
import { endProcess } from '../../tools/services/processes.ts';
import { flushRedis } from '../../tools/services/redis.ts';
import { startServices, type Services } from '../../tools/services/services.ts';
import { say } from '../platform/test-platform.ts';

/** Everything that happens is asked for by the proof. */
const WITHOUT_CLOCKS = { PLAN_MS: '0', ATTRIBUTE_MS: '0', MAINTAIN_MS: '0', POLL_MS: '200' };

export class RestorablePlatform {
  readonly stateDir: string;
  platform: Platform;
  /** Of the programs, also while none runs: commands need it. */
  private environment: Record<string, string> = {};
  private readonly services: Services;

  private constructor(stateDir: string, services: Services) {
    this.stateDir = stateDir;
    this.services = services;
    this.platform = this.newPlatform();
  }

  static async start(): Promise<RestorablePlatform> {
    const stateDir = mkdtempSync(path.join(tmpdir(), 'nightshift-proof-'));
    const redisProgramDir = path.join(ROOT, '.nightshift', 'redis-server');
    return new RestorablePlatform(
      stateDir,
      await startServices({ stateDir, env: {}, redisProgramDir, report: say }),
    );
  }

  get adminUrl(): string {
    return this.services.databaseUrl;
  }

  async startPrograms(): Promise<void> {
    this.platform = this.newPlatform();
    await this.platform.start();
    this.environment = { ...this.platform.environment };
  }

  async stopPrograms(): Promise<void> {
    await this.platform.stop();
  }

  async restartPostgres(): Promise<void> {
    await restartPostgres(this.stateDir);
  }

  async killPostgres(): Promise<void> {
    const running = findRunningPostgres(choosePostgresPlace(this.stateDir).dataDir);
    if (running) await endProcess(running.identity, { ask: 'SIGKILL' });
  }

  flushRedis(): Promise<void> {
    return flushRedis(this.services.redisUrl);
  }

  /** A `nightshift` command; answers the JSON of its last line. */
  cli<T>(...args: string[]): Promise<T> {
    const env = { ...process.env, ...this.environment };
    return runCliForJson<T>([...args, '--json'], { env, cwd: ROOT });
  }

  async close(): Promise<void> {
    await this.platform.stop();
    await (await startPostgres(this.stateDir)).stop();
    await this.services.stop();
    rmSync(this.stateDir, { recursive: true, force: true });
  }

  private newPlatform(): Platform {
    const urls = { DATABASE_URL: this.services.databaseUrl, REDIS_URL: this.services.redisUrl };
    const env = { ...process.env, ...urls, ...WITHOUT_CLOCKS };
    return new Platform({ stateDir: this.stateDir, report: say, env });
  }
}
