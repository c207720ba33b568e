// One serving process as it runs in production.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const ROOT = path.resolve(import.meta.dirname, '../..');
const READY_DEADLINE_MS = 60_000;

export interface ServingProcessOptions {
  readonly port: number;
  readonly environment: Record<string, string>;
  readonly logFile: string;
}

export class ServingProcess {
  readonly port: number;
  private readonly options: ServingProcessOptions;
  private child: ChildProcess | undefined;

  constructor(options: ServingProcessOptions) {
    this.options = options;
    this.port = options.port;
  }

  /** Starts the program and waits until it is ready. `nodeArguments` for a profile, say. */
  async run(nodeArguments: readonly string[] = []): Promise<void> {
    const { environment, logFile, port } = this.options;
    const log = openSync(logFile, 'a');
    const script = path.join(ROOT, 'dist/apps/serving/src/main.js');
    this.child = spawn(process.execPath, [...nodeArguments, script], {
      env: { ...process.env, ...environment, SERVING_PORT: String(port) },
      stdio: ['ignore', log, log],
      cwd: path.dirname(logFile),
    });
    closeSync(log);
    const end = Date.now() + READY_DEADLINE_MS;
    for (;;) {
      const answer = await fetch(`http://127.0.0.1:${port}/health/ready`).catch(() => undefined);
      await answer?.body?.cancel();
      if (answer?.ok) return;
      if (this.child.exitCode !== null || Date.now() > end)
        throw new Error(`The serving process is not ready.\n${this.log()}`);
      await sleep(50);
    }
  }

  /** Microseconds of CPU that the process has used so far, all of its threads. */
  async cpuMicros(): Promise<number> {
    const text = await (await fetch(`http://127.0.0.1:${this.port}/metrics`)).text();
    const seconds = /^nightshift_process_cpu_seconds_total(?:\{[^}]*\})? (\S+)$/m.exec(text)?.[1];
    if (seconds === undefined) throw new Error('The serving process does not say what CPU it has used.');
    return Number(seconds) * 1e6;
  }

  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const { child } = this;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  log(): string {
    return readFileSync(this.options.logFile, 'utf8').split('\n').slice(-20).join('\n');
  }
}
