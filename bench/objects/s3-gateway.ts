// A real S3 server: versitygw, built from Go's module proxy, over a folder. For checks alone; nothing a user runs needs it.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ROOT } from '../../tools/launcher/platform.ts';
import { say } from '../platform/test-platform.ts';

const VERSION = '1.8.0';
const BUCKET = 'nightshift';
const READY_DEADLINE_MS = 20_000;

/** Built once and kept. @throws Error that says what is missing */
export function provideGateway(): string {
  const folder = path.join(ROOT, '.nightshift', `versitygw-${VERSION}`);
  const program = path.join(folder, 'versitygw');
  if (existsSync(program)) return program;
  say(`building versitygw ${VERSION} …`);
  mkdirSync(folder, { recursive: true });
  try {
    execFileSync('go', ['install', `github.com/versity/versitygw/cmd/versitygw@v${VERSION}`], {
      env: { ...process.env, GOBIN: folder },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  } catch (error) {
    const words = String((error as { stderr?: Buffer }).stderr ?? error).slice(-2_000);
    throw new Error(`versitygw could not be built; it takes Go and its module proxy.\n${words}`, {
      cause: error,
    });
  }
  return program;
}

export interface GatewayOptions {
  readonly host: string;
  readonly port: number;
  /** Of the objects, as plain files, and of the log. */
  readonly folder: string;
  /** What stands before the command, such as entering a network namespace. */
  readonly prefix?: readonly string[];
}

export class S3Gateway {
  private readonly access = 'nightshift';
  private readonly secret = randomBytes(16).toString('hex');
  private readonly options: GatewayOptions;
  private readonly program: string;
  private child: ChildProcess | undefined;

  constructor(options: GatewayOptions) {
    this.options = options;
    this.program = provideGateway();
    mkdirSync(this.bucketFolder, { recursive: true });
  }

  /** What programs need to use it. */
  get environment(): Record<string, string> {
    const { host, port } = this.options;
    return {
      ARTIFACTS_URL: `s3://${BUCKET}/fleet?endpoint=http://${host}:${port}`,
      AWS_ACCESS_KEY_ID: this.access,
      AWS_SECRET_ACCESS_KEY: this.secret,
    };
  }

  /** Where objects lie as files. */
  get bucketFolder(): string {
    return path.join(this.options.folder, 'objects', BUCKET);
  }

  async start(): Promise<void> {
    const { host, port, folder, prefix = [] } = this.options;
    const logFile = path.join(folder, 'gateway.log');
    const log = openSync(logFile, 'a');
    const command = [...prefix, this.program, '--quiet', '--port', `${host}:${port}`, '--health', '/health'];
    this.child = spawn(command[0], [...command.slice(1), 'posix', path.join(folder, 'objects')], {
      env: { ...process.env, ROOT_ACCESS_KEY: this.access, ROOT_SECRET_KEY: this.secret },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    const end = Date.now() + READY_DEADLINE_MS;
    for (;;) {
      const answer = await fetch(`http://${host}:${port}/health`).catch(() => undefined);
      await answer?.body?.cancel();
      if (answer?.ok === true) return;
      if (this.child.exitCode !== null || Date.now() > end)
        throw new Error(`The gateway does not start.\n${readFileSync(logFile, 'utf8').slice(-1_000)}`);
      await sleep(50);
    }
  }

  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const { child } = this;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }
}
