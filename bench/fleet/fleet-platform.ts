// PostgreSQL, Redis and workers of their own, with a folder that may be kept: a filled fleet is used again and again.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import getPort from 'get-port';
import pg from 'pg';
import { provisionDatabase } from '../../tools/provision.ts';
import type { LoginUrls } from '../../tools/provisioning/logins.ts';
import { startServices, type ServiceName, type Services } from '../../tools/services/services.ts';
import { familyCpuSeconds, familyOf } from './process-usage.ts';

export const ROOT = path.resolve(import.meta.dirname, '../..');
const READY_DEADLINE_MS = 60_000;

export function say(message: string): void {
  process.stderr.write(`${message}\n`);
}

export interface WorkerProcess {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly port: number;
}

export class FleetPlatform {
  readonly stateDir: string;
  readonly admin: pg.Pool;
  readonly logins: LoginUrls;
  private readonly services: Services;
  private readonly isKept: boolean;
  private readonly workers: WorkerProcess[] = [];

  private constructor(stateDir: string, isKept: boolean, services: Services, logins: LoginUrls) {
    this.stateDir = stateDir;
    this.isKept = isKept;
    this.services = services;
    this.logins = logins;
    this.admin = new pg.Pool({ connectionString: services.databaseUrl, max: 2 });
    this.admin.on('error', () => undefined);
  }

  /** @param keptDir absent: a temporary folder, gone afterwards */
  static async start(keptDir: string | undefined): Promise<FleetPlatform> {
    const stateDir = keptDir ?? mkdtempSync(path.join(tmpdir(), 'nightshift-fleet-'));
    mkdirSync(stateDir, { recursive: true });
    const redisProgramDir = path.join(ROOT, '.nightshift', 'redis-server');
    // Servers of its own even where the caller has some.
    const services = await startServices({ stateDir, env: {}, redisProgramDir, report: say });
    try {
      const logins = await provisionDatabase(services.databaseUrl, { stateDir });
      return new FleetPlatform(stateDir, keptDir !== undefined, services, logins);
    } catch (error) {
      await services.stop();
      throw error;
    }
  }

  get environment(): Record<string, string> {
    return {
      DATABASE_URL: this.logins.app,
      PLATFORM_DATABASE_URL: this.logins.platform,
      SERVING_DATABASE_URL: this.logins.serving,
      REDIS_URL: this.services.redisUrl,
      STATE_DIR: this.stateDir,
      CODE_VERSION: 'bench',
    };
  }

  pidOf(service: ServiceName): number {
    return this.services.processes.find(({ name }) => name === service)!.identity.pid;
  }

  /** Process ids of a service and its children. */
  family(service: ServiceName): number[] {
    return familyOf(this.pidOf(service));
  }

  cpuSecondsOf(service: ServiceName): number {
    return familyCpuSeconds(this.pidOf(service));
  }

  /** A `nightshift` command; its progress goes to stderr, the JSON of its last line comes back. */
  async cli<T>(...args: string[]): Promise<T> {
    const script = path.join(ROOT, 'dist/apps/cli/src/main.js');
    const child = spawn(process.execPath, [script, ...args, '--json'], {
      cwd: ROOT,
      env: { ...process.env, ...this.environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number | null];
    if (code !== 0) throw new Error(`nightshift ${args.join(' ')} failed (${code}): ${out}`);
    return JSON.parse(out.trimEnd().split('\n').at(-1) ?? '') as T;
  }

  /**
   * One worker as in production, ready to take runs.
   * @param cpu the only processor that it may use
   */
  async startWorker(changes: Record<string, string> = {}, cpu?: number): Promise<WorkerProcess> {
    const port = await getPort({ host: '127.0.0.1' });
    const logFile = path.join(this.stateDir, 'logs', `worker-${port}.log`);
    mkdirSync(path.dirname(logFile), { recursive: true });
    const log = openSync(logFile, 'w');
    const script = path.join(ROOT, 'dist/apps/worker/src/main.js');
    const options = (process.env.FLEET_NODE_OPTIONS ?? '').split(' ').filter((option) => option !== '');
    const command = [process.execPath, ...options, '--enable-source-maps', script];
    if (cpu !== undefined) command.unshift('taskset', '-c', String(cpu));
    const child = spawn(command[0], command.slice(1), {
      env: { ...process.env, ...this.environment, WORKER_PORT: String(port), ...changes },
      stdio: ['ignore', log, log],
      cwd: this.stateDir,
    });
    closeSync(log);
    const worker = { child, pid: child.pid!, port };
    this.workers.push(worker);
    const end = Date.now() + READY_DEADLINE_MS;
    for (;;) {
      const answer = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => undefined);
      await answer?.body?.cancel();
      if (answer?.ok) return worker;
      if (child.exitCode !== null || Date.now() > end)
        throw new Error(`The worker is not ready.\n${readFileSync(logFile, 'utf8').slice(-3_000)}`);
      await sleep(50);
    }
  }

  async stopWorkers(): Promise<void> {
    await Promise.all(
      this.workers.splice(0).map(async ({ child }) => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        const ended = once(child, 'exit');
        child.kill('SIGTERM');
        const timer = setTimeout(() => child.kill('SIGKILL'), 30_000);
        await ended;
        clearTimeout(timer);
      }),
    );
  }

  /** What earlier nights have left, so that a fleet that is used again begins with its data alone. */
  async forgetNights(): Promise<void> {
    await this.admin.query(
      `TRUNCATE run, run_stage, model_version, publication, serving_pointer, verdict, data_quality_report, outbox,
         registry_change, worker_node CASCADE`,
    );
    for (const folder of ['artifacts', 'lists']) {
      const place = path.join(this.stateDir, folder);
      if (existsSync(place)) rmSync(place, { recursive: true });
    }
  }

  async close(): Promise<void> {
    await this.stopWorkers();
    await this.admin.end();
    await this.services.stop();
    if (!this.isKept) rmSync(this.stateDir, { recursive: true, force: true });
  }
}
