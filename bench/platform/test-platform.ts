import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { runCliForJson } from '../../tools/launcher/demo.ts';
import { Platform, ROOT } from '../../tools/launcher/platform.ts';
import { restartPostgres } from '../../tools/services/postgres.ts';
import { restartRedis } from '../../tools/services/redis.ts';
import { startServices, type Services } from '../../tools/services/services.ts';

export function say(message: string): void {
  process.stderr.write(`${message}\n`);
}

/** Proofs keep the unpacked Redis beside the project's own, so that it is fetched once. */
const REDIS_PROGRAM_DIR = path.join(ROOT, '.nightshift', 'redis-server');

/** A whole platform of its own in a temporary folder, gone afterwards: servers, api, serving and worker. */
export class TestPlatform {
  readonly stateDir: string;
  readonly platform: Platform;
  private services: Services;

  private constructor(stateDir: string, platform: Platform, services: Services) {
    this.stateDir = stateDir;
    this.platform = platform;
    this.services = services;
  }

  static async start(environment: Record<string, string> = {}): Promise<TestPlatform> {
    const stateDir = mkdtempSync(path.join(tmpdir(), 'nightshift-proof-'));
    // Servers of its own even where the caller has some: a proof restarts and empties them.
    const services = await startServices({
      stateDir,
      env: {},
      redisProgramDir: REDIS_PROGRAM_DIR,
      report: say,
    });
    const urls = { DATABASE_URL: services.databaseUrl, REDIS_URL: services.redisUrl };
    const platform = new Platform({
      stateDir,
      report: say,
      env: { ...process.env, ...urls, ...environment },
    });
    const started = new TestPlatform(stateDir, platform, services);
    try {
      await platform.start();
    } catch (error) {
      await started.close();
      throw error;
    }
    return started;
  }

  /** For looking behind row-level security and for setting traps. */
  get adminUrl(): string {
    return this.services.databaseUrl;
  }

  get redisUrl(): string {
    return this.services.redisUrl;
  }

  pidOf(program: 'api' | 'serving' | 'worker'): number {
    const pid = this.platform.programs.find(({ name }) => name === program)?.identity?.pid;
    if (pid === undefined) throw new Error(`${program} does not run.`);
    return pid;
  }

  async restartPostgres(): Promise<void> {
    const postgres = await restartPostgres(this.stateDir, { hard: false });
    this.replaceStop(async () => postgres.stop());
  }

  async restartRedis(): Promise<void> {
    const redis = await restartRedis(this.stateDir, { programDir: REDIS_PROGRAM_DIR });
    this.replaceStop(async () => redis.stop());
  }

  /** A `nightshift` command; answers the JSON of its last line. */
  cli<T>(...args: string[]): Promise<T> {
    return runCliForJson<T>([...args, '--json'], {
      env: { ...process.env, ...this.platform.environment },
      cwd: ROOT,
    });
  }

  async close(): Promise<void> {
    await this.platform.stop();
    await this.services.stop();
    rmSync(this.stateDir, { recursive: true, force: true });
  }

  /** A restarted server has another process: it is stopped as well. */
  private replaceStop(stopRestarted: () => Promise<void>): void {
    const before = this.services;
    this.services = {
      ...before,
      stop: async () => {
        await stopRestarted();
        await before.stop();
      },
    };
  }
}

/** Largest resident memory that a process has had, in MiB; Linux only, NaN elsewhere. */
export function peakRssMb(pid: number): number {
  try {
    return Math.round(
      Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024,
    );
  } catch {
    return NaN;
  }
}

export async function query<T extends pg.QueryResultRow>(
  url: string,
  text: string,
  values: unknown[] = [],
): Promise<T[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<T>(text, values)).rows;
  } finally {
    await client.end();
  }
}

/** Calls an HTTP address with a key and answers the JSON. @throws Error with status and answer when it is not a success */
export async function callJson<T>(url: string, key: string, init: RequestInit = {}): Promise<T> {
  const headers = { authorization: `Bearer ${key}`, ...(init.headers as Record<string, string> | undefined) };
  const response = await fetch(url, { ...init, headers });
  const text = await response.text();
  if (!response.ok)
    throw new Error(`${init.method ?? 'GET'} ${url}: ${response.status} ${text.slice(0, 500)}`);
  return JSON.parse(text) as T;
}
