// One program of the platform as it runs in production, to be killed, frozen and started again.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT } from '../../tools/launcher/platform.ts';

const READY_DEADLINE_MS = 60_000;

export interface AppProcessOptions {
  readonly app: 'api' | 'worker' | 'serving';
  readonly name: string;
  readonly environment: Record<string, string>;
  readonly logFile: string;
  /** Where it says that it is ready; asked by `ask`. */
  readonly readyUrl: string;
  /** What stands before the program's command, such as entering a network namespace. */
  readonly prefix?: readonly string[];
  readonly ask?: (url: string) => Promise<boolean>;
  /** Where it is asked for what it is there for. */
  readonly url?: string;
}

export class AppProcess {
  readonly name: string;
  private readonly options: AppProcessOptions;
  private child: ChildProcess | undefined;

  constructor(options: AppProcessOptions) {
    this.options = options;
    this.name = options.name;
  }

  get url(): string {
    const { url } = this.options;
    if (url === undefined) throw new Error(`${this.name} answers nobody.`);
    return url;
  }

  get pid(): number {
    const { child } = this;
    if (child?.pid === undefined) throw new Error(`${this.name} does not run.`);
    return child.pid;
  }

  get runs(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Begins to start it; `untilReady` waits. */
  start(): void {
    const { app, environment, logFile, prefix = [] } = this.options;
    const log = openSync(logFile, 'a');
    const command = [...prefix, process.execPath, path.join(ROOT, `dist/apps/${app}/src/main.js`)];
    this.child = spawn(command[0], command.slice(1), {
      env: { ...process.env, ...environment },
      stdio: ['ignore', log, log],
      cwd: path.dirname(logFile),
    });
    closeSync(log);
  }

  async untilReady(): Promise<void> {
    const end = Date.now() + READY_DEADLINE_MS;
    const { readyUrl, ask = isOk } = this.options;
    for (;;) {
      if (await ask(readyUrl)) return;
      if (!this.runs || Date.now() > end)
        throw new Error(`${this.name} is not ready.\n${this.log().split('\n').slice(-20).join('\n')}`);
      await sleep(100);
    }
  }

  signal(signal: NodeJS.Signals): void {
    if (this.runs) this.child?.kill(signal);
  }

  /** Sends the signal and waits for the end. */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const { child } = this;
    if (child === undefined || !this.runs) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  log(): string {
    return readFileSync(this.options.logFile, 'utf8');
  }

  /** The log's lines that are records with this message. */
  records<T>(message: string): T[] {
    return this.log()
      .split('\n')
      .filter((line) => line.includes(`"msg":"${message}"`))
      .map((line) => JSON.parse(line) as T);
  }
}

async function isOk(url: string): Promise<boolean> {
  const answer = await fetch(url).catch(() => undefined);
  await answer?.body?.cancel();
  return answer?.ok ?? false;
}
