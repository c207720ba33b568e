// The whole platform on one machine: services, database, programs; up in order and down in reverse.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { provisionDatabase } from '../provision.ts';
import { codeVersion } from './code-version.ts';
import { choosePort } from '../services/ports.ts';
import { commandLineOf } from '../services/processes.ts';
import { startServices, type Services } from '../services/services.ts';
import { endLeftovers, newRecord, readRecord, writeRecord, type LauncherRecord } from './launcher-record.ts';
import { Program } from './program.ts';
import { ServiceSupervisor } from './service-supervisor.ts';

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
// In the order they start; they stop the other way round, so that nobody works for a program that is gone.
const PROGRAMS = ['api', 'serving', 'worker'] as const;
const USUAL_PORTS = { api: 3000, serving: 3001, worker: 3002 };

export interface PlatformOptions {
  stateDir: string;
  report: (message: string) => void;
  env?: NodeJS.ProcessEnv;
  /** Where the built programs are; tests put small stand-ins there. */
  distDir?: string;
  provision?: typeof provisionDatabase;
  /** Where an unpacked Redis is kept, when not in the state directory. */
  redisProgramDir?: string;
}

export class Platform {
  readonly record: LauncherRecord = newRecord();
  readonly programs: Program[] = [];
  readonly #options: PlatformOptions;
  #services: Services | undefined;
  #supervisor: ServiceSupervisor | undefined;
  #hard = false;
  #stopped: Promise<void> | undefined;
  #step: Promise<void> | undefined;

  constructor(options: PlatformOptions) {
    this.#options = options;
  }

  get environment(): Record<string, string> {
    return this.record.environment;
  }

  async start(): Promise<void> {
    const { stateDir, report } = this.#options;
    const predecessor = readRecord(stateDir);
    if (predecessor) {
      const ended = await endLeftovers(predecessor);
      if (ended.length > 0)
        report(`a predecessor was killed hard: ended what it left behind (${ended.join(', ')})`);
    }
    this.#save();
    await this.#timed('PostgreSQL and Redis ready', () => this.#startServices());
    await this.#timed('database migrated', () => this.#provision());
    for (const name of PROGRAMS) await this.#timed(`${name} ready`, () => this.#startProgram(name));
    // Only now: a service that dies during the start is a failed start, not something to repeat.
    if (!this.#stopped)
      this.#supervisor = new ServiceSupervisor(this.#services!, { report, onChange: () => this.#save() });
  }

  /** Stops everything in order. A second call with `hard` cuts the deadlines short. */
  stop({ hard = false } = {}): Promise<void> {
    if (hard && !this.#hard) {
      this.#hard = true;
      for (const program of this.programs) void program.stop({ hard: true });
    }
    this.#stopped ??= this.#stopInOrder();
    return this.#stopped;
  }

  async #stopInOrder(): Promise<void> {
    for (const program of this.programs.toReversed()) await program.stop({ hard: this.#hard });
    // Stopped in the middle of a start: what is being started now must be there before it can be stopped.
    await this.#step?.catch(() => {});
    for (const program of this.programs.toReversed()) await program.stop({ hard: this.#hard });
    // A service that is being brought back must be there before it can be stopped.
    await this.#supervisor?.stop();
    await this.#services?.stop();
    this.record.children = [];
    this.record.environment = {};
    this.record.addresses = {};
    writeRecord(this.#options.stateDir, this.record);
  }

  async #timed(label: string, work: () => Promise<void>): Promise<void> {
    if (this.#stopped) throw new Error('stopped while starting');
    const start = performance.now();
    this.#step = work();
    await this.#step;
    this.#options.report(`✔ ${label} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
  }

  async #startServices(): Promise<void> {
    const { stateDir, report, redisProgramDir, env = process.env } = this.#options;
    const place = redisProgramDir ? { redisProgramDir } : {};
    this.#services = await startServices({ stateDir, env, report, ...place });
    this.#save();
  }

  async #provision(): Promise<void> {
    const { stateDir, env = process.env, provision = provisionDatabase } = this.#options;
    const { databaseUrl, redisUrl } = this.#services!;
    const logins = await provision(databaseUrl, { stateDir });
    const ports: Record<string, number> = {};
    for (const name of PROGRAMS) {
      const wanted = Number(env[`${name.toUpperCase()}_PORT`]) || USUAL_PORTS[name];
      let port = await choosePort([wanted]);
      // Nothing listens on the ports chosen a moment ago yet, so look out for them.
      while (Object.values(ports).includes(port)) port = await choosePort([port + 1]);
      ports[name] = port;
    }
    this.record.environment = {
      DATABASE_URL: logins.app,
      PLATFORM_DATABASE_URL: logins.platform,
      SERVING_DATABASE_URL: logins.serving,
      ACCOUNTS_DATABASE_URL: logins.accounts,
      REDIS_URL: redisUrl,
      API_PORT: String(ports.api),
      SERVING_PORT: String(ports.serving),
      WORKER_PORT: String(ports.worker),
      STATE_DIR: stateDir,
      LOG_LEVEL: env.LOG_LEVEL || 'info',
      CODE_VERSION: env.CODE_VERSION || codeVersion(),
    };
    this.record.addresses = {
      api: `http://127.0.0.1:${ports.api}`,
      serving: `http://127.0.0.1:${ports.serving}`,
      worker: `http://127.0.0.1:${ports.worker}`,
    };
    this.#save();
  }

  async #startProgram(name: (typeof PROGRAMS)[number]): Promise<void> {
    const { stateDir, report, env = process.env, distDir = path.join(ROOT, 'dist') } = this.#options;
    const program = new Program({
      name,
      script: path.join(distDir, 'apps', name, 'src/main.js'),
      env: { ...env, ...this.environment },
      readyUrl: `${this.record.addresses[name]}/health/ready`,
      liveness: { url: `${this.record.addresses[name]}/health/live` },
      logDir: path.join(stateDir, 'logs'),
      report,
      onProcessChange: () => this.#save(),
    });
    this.programs.push(program);
    await program.start();
  }

  #save(): void {
    this.record.children = [
      ...(this.#services?.processes ?? [])
        // PostgreSQL looks after itself (its data folder says who runs on it), so a successor takes it over.
        .filter(({ name }) => name !== 'postgres')
        .map(({ name, identity }) => ({
          name,
          identity,
          command: commandLineOf(identity.pid).split(' ')[0]!,
        })),
      ...this.programs.flatMap(({ name, identity, script }) =>
        identity ? [{ name, identity, command: script }] : [],
      ),
    ];
    writeRecord(this.#options.stateDir, this.record);
  }
}
