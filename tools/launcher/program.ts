// One program of the platform as a child process: started, watched, restarted when it dies or hangs, stopped within a
// deadline.
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { endProcess, identifyProcess, type ProcessIdentity } from '../services/processes.ts';
import { answers, FAILURES_IN_A_ROW, hasGoneSilent, type LivenessOptions } from './liveness.ts';
import { RestartPauses } from './restart-pauses.ts';

export interface ProgramOptions {
  name: string;
  /** The script, and a piece of the command line it is recognised by. */
  script: string;
  env: NodeJS.ProcessEnv;
  readyUrl: string;
  liveness: LivenessOptions;
  logDir: string;
  readyDeadlineMs?: number;
  stopDeadlineMs?: number;
  pauses?: RestartPauses;
  report: (message: string) => void;
  onProcessChange?: () => void;
}

const LOGS_KEPT = 3;
const POLL_MS = 100;
const READY_TIMEOUT_MS = 2_000;

export class Program {
  readonly name: string;
  readonly script: string;
  readonly logFile: string;
  identity: ProcessIdentity | undefined;
  #child: ChildProcess | undefined;
  #stopping = false;
  /** Ends the watch over the process that runs now. */
  #watch = new AbortController();
  readonly #pauses: RestartPauses;
  readonly #options: ProgramOptions;

  constructor(options: ProgramOptions) {
    this.#options = options;
    this.#pauses = options.pauses ?? new RestartPauses();
    this.name = options.name;
    this.script = options.script;
    this.logFile = path.join(options.logDir, `${options.name}.log`);
  }

  async start(): Promise<void> {
    this.#rotateLogs();
    this.#spawn();
    await this.#waitUntilReady();
    this.#watchLiveness({ graceMs: 0 });
  }

  async stop({ hard = false } = {}): Promise<void> {
    this.#stopping = true;
    this.#watch.abort();
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
    this.#pauses.noteStart();
    this.#options.onProcessChange?.();
    let isOver = false;
    const onEnd = (reason: string): void => {
      if (isOver || this.#stopping) return;
      isOver = true;
      if (this.#ready) void this.#restart(reason);
      else this.#options.report(reason);
    };
    // A process that could not be made (no memory, say) has no exit.
    child.once('error', (error) => onEnd(`${this.name} could not be started: ${error.message}`));
    child.once('exit', (code, signal) => {
      if (this.#ready) onEnd(`${this.name} ended unexpectedly (${signal ?? `code ${code}`})`);
    });
  }

  #watchLiveness(changes: Partial<LivenessOptions> = {}): void {
    this.#watch = new AbortController();
    const { identity } = this;
    if (this.#stopping || !identity) return;
    void hasGoneSilent({ ...this.#options.liveness, ...changes }, this.#watch.signal).then(
      async (isSilent) => {
        if (!isSilent) return;
        this.#options.report(`${this.name} has not answered ${FAILURES_IN_A_ROW} times in a row: killing it`);
        // Its end is then a death like any other.
        await endProcess(identity, { ask: 'SIGKILL' });
      },
    );
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
      if (await answers(this.#options.readyUrl, READY_TIMEOUT_MS)) {
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
    this.#watch.abort();
    const pauseMs = this.#pauses.next();
    const again = `starting it again in ${pauseMs} ms (log: ${this.logFile})`;
    this.#options.report(
      this.#pauses.isLong
        ? `${reason}, too often; ${again}. The end of the log:\n${this.lastLogLines()}`
        : `${reason}; ${again}`,
    );
    await sleep(pauseMs, undefined, { ref: false });
    if (this.#stopping) return;
    this.#spawn();
    this.#watchLiveness();
  }
}
