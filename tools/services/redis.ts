import { randomBytes } from 'node:crypto';
import { spawn } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { choosePort } from './ports.ts';
import { readPrivateJson, writePrivateFile, writePrivateJson } from './private-files.ts';
import { endProcess, identifyProcess, isSameProcessAlive, type ProcessIdentity } from './processes.ts';
import { environmentOf, provideRedisProgram } from './redis-program.ts';

export interface RedisServer {
  url: string;
  port: number;
  identity: ProcessIdentity;
  stop(): Promise<void>;
}

interface Access {
  password: string;
  port: number;
  /** The server that was started last; it may be gone. */
  identity?: ProcessIdentity;
}

export interface StartRedisOptions {
  report?: (message: string) => void;
  /** Where an unpacked server is kept; tests share the project's. */
  programDir?: string;
  portPatienceMs?: number;
  /** This port or none. */
  fixedPort?: number;
}

const USUAL_PORTS = [6380, 6381, 6382]; // not 6379: that is a Redis of the machine's own
const START_ATTEMPTS = 3;
const START_DEADLINE_MS = 15_000;
const STOP_DEADLINE_MS = 5_000;

function urlOf({ password, port }: Access): string {
  return `redis://:${password}@127.0.0.1:${port}/0`;
}

async function withClient<T>(url: string, use: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    connectTimeout: 2_000,
  });
  client.on('error', () => {}); // the promise below carries it
  try {
    await client.connect();
    return await use(client);
  } finally {
    client.disconnect();
  }
}

async function isAnswering(url: string): Promise<boolean> {
  return withClient(url, async (client) => (await client.ping()) === 'PONG').catch(() => false);
}

// Nothing is saved: Redis carries work and wakes people up, PostgreSQL holds the truth. `noeviction`, because a queue
// that silently forgets jobs is worse than one that refuses them. The file, not the command line, holds the password.
function configuration({ password, port }: Access, folder: string): string {
  return [
    'bind 127.0.0.1',
    `port ${port}`,
    `requirepass ${password}`,
    `dir ${JSON.stringify(folder)}`,
    'save ""',
    'appendonly no',
    'maxmemory-policy noeviction',
    'daemonize no',
    'logfile ""',
    'databases 16',
    'tcp-keepalive 60',
    '',
  ].join('\n');
}

async function launch(
  stateDir: string,
  access: Access,
  options: StartRedisOptions,
): Promise<ProcessIdentity> {
  const program = await provideRedisProgram(options.programDir ?? path.join(stateDir, 'redis-server'), {
    ...(options.report ? { report: options.report } : {}),
  });
  const folder = path.join(stateDir, 'redis');
  const logFile = path.join(stateDir, 'logs', 'redis.log');
  for (const needed of [folder, path.dirname(logFile)]) mkdirSync(needed, { recursive: true });
  const configFile = path.join(folder, 'redis.conf');
  writePrivateFile(configFile, configuration(access, folder));
  const log = openSync(logFile, 'w', 0o600);
  // Detached for the reason given in postgres.ts.
  const child = spawn(program.file, [configFile], {
    cwd: '/',
    detached: true,
    stdio: ['ignore', log, log],
    env: environmentOf(program, process.env),
  });
  closeSync(log);
  // Noted before anything can go wrong: whoever comes after a hard kill must find it.
  const identity = child.pid ? identifyProcess(child.pid) : undefined;
  writePrivateJson(path.join(stateDir, 'redis.json'), { ...access, ...(identity ? { identity } : {}) });
  let failure: string | undefined;
  child.once('error', (error) => (failure = error.message));
  child.once('exit', (code, signal) => (failure = `it ended with ${signal ?? code}`));
  child.unref();
  const end = Date.now() + START_DEADLINE_MS;
  while (!(await isAnswering(urlOf(access)))) {
    if (failure !== undefined || Date.now() > end) {
      const words = existsSync(logFile)
        ? readFileSync(logFile, 'utf8').split('\n').slice(-12).join('\n')
        : '';
      child.kill('SIGKILL');
      throw new Error(`Redis did not start (${failure ?? 'no answer in time'}). Its last words:\n${words}`);
    }
    await sleep(20);
  }
  return identity!;
}

/** Starts Redis for this state directory; a server that a hard-killed predecessor left behind is ended first. */
export async function startRedis(stateDir: string, options: StartRedisOptions = {}): Promise<RedisServer> {
  const accessFile = path.join(stateDir, 'redis.json');
  const known = readPrivateJson<Access>(accessFile);
  if (known?.identity) await endProcess(known.identity, { deadlineMs: STOP_DEADLINE_MS });
  const password = known?.password ?? randomBytes(24).toString('base64url');
  let access: Access;
  let identity: ProcessIdentity;
  for (let attempt = 1; ; attempt++) {
    const usual = known ? [known.port] : USUAL_PORTS;
    const patienceMs = attempt === 1 ? (options.portPatienceMs ?? 0) : 0;
    const port = options.fixedPort ?? (await choosePort(attempt === 1 ? usual : [], { patienceMs }));
    access = { password, port };
    try {
      identity = await launch(stateDir, access, options);
      break;
    } catch (error) {
      // Somebody else took the port between our choosing it and Redis listening on it.
      const isPortTaken = /Address already in use/i.test((error as Error).message);
      const isLast = attempt === START_ATTEMPTS || options.fixedPort !== undefined;
      if (!isPortTaken || isLast) throw error;
    }
  }
  return {
    url: urlOf(access),
    port: access.port,
    identity,
    stop: async () => {
      await endProcess(identity, { deadlineMs: STOP_DEADLINE_MS });
      rmSync(path.join(stateDir, 'redis'), { recursive: true, force: true });
    },
  };
}

/** For chaos tests: everything in Redis is lost while it runs. */
export async function flushRedis(url: string): Promise<void> {
  await withClient(url, (client) => client.flushall());
}

/** For chaos tests: the server goes away, with all it held, and comes back at the same address. */
export async function restartRedis(stateDir: string, options: StartRedisOptions = {}): Promise<RedisServer> {
  return startRedis(stateDir, { portPatienceMs: 5_000, ...options });
}

/** Synchronous last resort for an `exit` handler. */
export function signalRedis(redis: RedisServer): void {
  if (isSameProcessAlive(redis.identity)) process.kill(redis.identity.pid, 'SIGTERM');
}
