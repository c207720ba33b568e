// One program of the platform as a child process: started, watched, restarted when it dies, stopped within a deadline.
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { endProcess, identifyProcess, type ProcessIdentity } from '../services/processes.ts';

export interface ProgramOptions {
  name: string;
  /** The script, and a piece of the command line it is recognised by. */
  script: string;
  env: NodeJS.ProcessEnv;
  readyUrl: string;
  logDir: string;
  readyDeadlineMs?: number;
  stopDeadlineMs?: number;
  /** First pause before a restart; doubled each time. */
  backOffMs?: number;
  report: (message: string) => void;
  onProcessChange?: () => void;
}

const RESTARTS_PER_MINUTE = 5;
const LOGS_KEPT = 3;
const POLL_MS = 100;

export class Program {
  readonly name: string;
  readonly script: string;
  readonly logFile: string;
  identity: ProcessIdentity | undefined;
  /** Set when it died too often and was given up. */
  gaveUp = false;
  #child: ChildProcess | undefined;
  #stopping = false;
  #deaths: number[] = [];
  readonly #options: ProgramOptions;

  constructor(options: ProgramOptions) {
    this.#options = options;
    this.name = options.name;
    this.script = options.script;
    this.logFile = path.join(options.logDir, `${options.name}.log`);
  }

  async start(): Promise<void> {
    this.#rotateLogs();
    this.#spawn();
    await this.#waitUntilReady();
  }

  async stop({ hard = false } = {}): Promise<void> {
    this.#stopping = true;
    if (!this.identity) return;
    const ask = hard ? 'SIGKILL' : 'SIGTERM';
    const outcome = await endProcess(this.identity, {
      ask,
      deadlineMs: this.#options.stopDeadlineMs ?? 15_000,
    });
    if (outcome === 'killed') this.#options.report(`${this.name} did not stop in time and was killed`);
  }

  lastLogLines(count = 15): string {
    if (!existsSync(this.logFile)) return '(no log)';
    return readFileSync(this.logFile, 'utf8').trimEnd().split('\n').slice(-count).join('\n');
  }

  // api.log is this start's; api.log.1 the one before.
  #rotateLogs(): void {
    mkdirSync(this.#options.logDir, { recursive: true });
    for (let age = LOGS_KEPT - 1; age >= 0; age--) {
      const from = age === 0 ? this.logFile : `${this.logFile}.${age}`;
      if (existsSync(from)) renameSync(from, `${this.logFile}.${age + 1}`);
    }
  }

  #spawn(): void {
    const log = openSync(this.logFile, 'a', 0o600);
    // Detached: a Ctrl-C in the terminal reaches only the launcher, which stops its children one after the other.
    const child = spawn(process.execPath, ['--enable-source-maps', this.script], {
      detached: true,
      stdio: ['ignore', log, log],
      env: this.#options.env,
    });
    closeSync(log);
    this.#child = child;
    this.identity = child.pid ? identifyProcess(child.pid) : undefined;
    this.#options.onProcessChange?.();
    child.once('error', (error) =>
      this.#options.report(`${this.name} could not be started: ${error.message}`),
    );
    child.once('exit', (code, signal) => {
      if (this.#stopping || !this.#ready) return;
      void this.#restart(`${this.name} ended unexpectedly (${signal ?? `code ${code}`})`);
    });
  }

  // Until it was ready once, a death is a failed start and not something to repeat.
  #ready = false;

  async #waitUntilReady(): Promise<void> {
    const deadlineMs = this.#options.readyDeadlineMs ?? 60_000;
    const end = Date.now() + deadlineMs;
    while (!this.#stopping) {
      if (this.#child?.exitCode !== null || this.#child?.signalCode !== null) {
        throw new Error(
          `${this.name} ended while starting. The end of ${this.logFile}:\n${this.lastLogLines()}`,
        );
      }
      if (await isReady(this.#options.readyUrl)) {
        this.#ready = true;
        return;
      }
      if (Date.now() > end) {
        throw new Error(
          `${this.name} was not ready after ${deadlineMs / 1000} s. The end of ${this.logFile}:\n${this.lastLogLines()}`,
        );
      }
      await sleep(POLL_MS);
    }
  }

  async #restart(reason: string): Promise<void> {
    const now = Date.now();
    this.#deaths = [...this.#deaths.filter((at) => at > now - 60_000), now];
    if (this.#deaths.length > RESTARTS_PER_MINUTE) {
      this.gaveUp = true;
      this.#options.report(
        `${reason}; that was too often, giving up. The end of ${this.logFile}:\n${this.lastLogLines()}`,
      );
      return;
    }
    const pauseMs = (this.#options.backOffMs ?? 250) * 2 ** (this.#deaths.length - 1);
    this.#options.report(`${reason}; starting it again in ${pauseMs} ms (log: ${this.logFile})`);
    await sleep(pauseMs);
    if (!this.#stopping) this.#spawn();
  }
}

async function isReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}
