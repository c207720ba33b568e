import { randomBytes } from 'node:crypto';
import { execFile, spawn } from 'node:child_process';
import {
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { choosePort } from './ports.ts';
import { choosePostgresPlace, type PostgresPlace } from './postgres-place.ts';
import { findRunningPostgres } from './postgres-pid-file.ts';
import { postgresSettings } from './postgres-settings.ts';
import { readPrivateJson, writePrivateJson } from './private-files.ts';
import { endProcess, identifyProcess, isSameProcessAlive, type ProcessIdentity } from './processes.ts';

export interface Postgres {
  url: string;
  port: number;
  identity: ProcessIdentity;
  /** True when a server that survived its starter was taken over. */
  adopted: boolean;
  note?: string;
  stop(): Promise<void>;
}

interface Access {
  password: string;
  port: number;
}

export interface StartPostgresOptions {
  portPatienceMs?: number;
  /** This port or none. */
  fixedPort?: number;
}

const SUPERUSER = 'nightshift';
// Not 5432: that is where a PostgreSQL of the machine's own would appear later.
const USUAL_PORTS = [5433, 5434, 5435];
const START_ATTEMPTS = 3;
const START_DEADLINE_MS = 60_000; // recovery after a hard kill replays up to max_wal_size
const STOP_DEADLINE_MS = 20_000;

function urlOf({ password, port }: Access): string {
  return `postgresql://${SUPERUSER}:${password}@127.0.0.1:${port}/nightshift`;
}

async function isAnswering(access: Access): Promise<boolean> {
  const connectionString = urlOf(access).replace(/\/nightshift$/, '/postgres');
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 2_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query('SELECT 1');
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

// `initdb` fills an empty folder only, so one that was interrupted is emptied first. PG_VERSION alone does not tell:
// it is among the first files written. Our own mark is the last.
async function initialise(place: PostgresPlace, stateDir: string, password: string): Promise<void> {
  const mark = path.join(stateDir, 'postgres-initialised');
  if (existsSync(mark) && existsSync(path.join(place.dataDir, 'PG_VERSION'))) return;
  if (!existsSync(mark)) {
    for (const name of existsSync(place.dataDir) ? readdirSync(place.dataDir) : []) {
      rmSync(path.join(place.dataDir, name), { recursive: true });
    }
  } else if (readdirSync(place.dataDir).length > 0) {
    throw new Error(`${place.dataDir} is not a PostgreSQL data folder: move it away and start again.`);
  }
  // initdb opens the password's file by name and as its own user, so the file belongs to that user, in a folder that
  // nobody else can enter.
  const secretDir = mkdtempSync(path.join(os.tmpdir(), 'nightshift-initdb-'));
  const secret = path.join(secretDir, 'password');
  writeFileSync(secret, `${password}\n`, { mode: 0o600 });
  if (place.runAs) {
    for (const owned of [secret, secretDir]) chownSync(owned, place.runAs.uid, place.runAs.gid);
  }
  const args = [
    '-D',
    place.dataDir,
    `--username=${SUPERUSER}`,
    '--auth=scram-sha-256',
    `--pwfile=${secret}`,
    '--encoding=UTF8',
    // The builtin provider sorts the same way on every machine, whatever its C library.
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
  ];
  try {
    await promisify(execFile)(path.join(place.binDir, 'initdb'), args, { ...place.runAs, cwd: '/' });
  } catch (error) {
    throw new Error(`initdb failed: ${(error as { stderr?: string }).stderr || (error as Error).message}`);
  } finally {
    rmSync(secretDir, { recursive: true, force: true });
  }
  writeFileSync(mark, `${new Date().toISOString()}\n`);
}

function lastLines(file: string, count: number): string {
  if (!existsSync(file)) return '(no log)';
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-count).join('\n');
}

/** Somebody else took the port between our choosing it and PostgreSQL's listening on it. */
class PortTakenError extends Error {
  constructor() {
    super('PostgreSQL found no free port: others took each one that was tried.');
  }
}

async function launch(place: PostgresPlace, stateDir: string, access: Access): Promise<ProcessIdentity> {
  const logFile = path.join(stateDir, 'logs', 'postgres.log');
  mkdirSync(path.dirname(logFile), { recursive: true });
  const log = openSync(logFile, 'w', 0o600);
  const settings = Object.entries(postgresSettings()).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  // Detached: its own process group, so that a Ctrl-C in the terminal reaches only us and we stop things in order.
  const child = spawn(
    path.join(place.binDir, 'postgres'),
    ['-D', place.dataDir, '-p', String(access.port), ...settings],
    {
      ...place.runAs,
      cwd: '/',
      detached: true,
      stdio: ['ignore', log, log],
    },
  );
  closeSync(log);
  const failure = new Promise<never>((_, reject) => child.once('error', reject));
  failure.catch(() => {});
  let exited = false;
  child.once('exit', () => (exited = true));
  child.unref();
  const end = Date.now() + START_DEADLINE_MS;
  for (;;) {
    if (await Promise.race([isAnswering(access), failure])) break;
    if (exited) {
      const words = lastLines(logFile, 15);
      if (words.includes('Address already in use')) throw new PortTakenError();
      throw new Error(`PostgreSQL did not start. Its last words:\n${words}`);
    }
    if (Date.now() > end) {
      child.kill('SIGQUIT');
      throw new Error(
        `PostgreSQL was not ready within ${START_DEADLINE_MS / 1000} s:\n${lastLines(logFile, 15)}`,
      );
    }
    await sleep(25);
  }
  return identifyProcess(child.pid!)!;
}

/** SIGINT is PostgreSQL's fast shutdown: open transactions are rolled back, everything is written. */
async function stopServer(identity: ProcessIdentity): Promise<void> {
  await endProcess(identity, { ask: 'SIGINT', deadlineMs: STOP_DEADLINE_MS });
}

/** Starts PostgreSQL with its data in `${stateDir}/postgres`, or takes over the one that already runs there. */
export async function startPostgres(
  stateDir: string,
  { portPatienceMs = 0, fixedPort }: StartPostgresOptions = {},
): Promise<Postgres> {
  const place = choosePostgresPlace(stateDir);
  const accessFile = path.join(stateDir, 'postgres.json');
  const known = readPrivateJson<Access>(accessFile);
  const running = findRunningPostgres(place.dataDir);
  const result = (identity: ProcessIdentity, access: Access, adopted: boolean): Postgres => ({
    url: urlOf(access),
    port: access.port,
    identity,
    adopted,
    ...(place.note ? { note: place.note } : {}),
    stop: () => stopServer(identity),
  });
  if (running) {
    const access = known && { ...known, port: running.port };
    if (access && (await isAnswering(access))) return result(running.identity, access, true);
    await stopServer(running.identity); // starting, stopping, hanging, or with a password that we lost
  }
  const password = known?.password ?? randomBytes(24).toString('base64url');
  const isNew = !existsSync(path.join(stateDir, 'postgres-initialised'));
  await initialise(place, stateDir, password);
  if (!isNew && !known) await resetPassword(place, password);
  for (let attempt = 1; ; attempt++) {
    const usual = known ? [known.port] : USUAL_PORTS;
    const patienceMs = attempt === 1 ? portPatienceMs : 0;
    const port = fixedPort ?? (await choosePort(attempt === 1 ? usual : [], { patienceMs }));
    const access = { password, port };
    // Before the server runs: whoever comes after a hard kill needs the password.
    writePrivateJson(accessFile, access);
    try {
      return result(await launch(place, stateDir, access), access, false);
    } catch (error) {
      const isLast = attempt === START_ATTEMPTS || fixedPort !== undefined;
      if (!(error instanceof PortTakenError) || isLast) throw error;
    }
  }
}

// The password file was lost but the data is there: single-user mode, which only the data's owner can enter, sets a
// new one.
async function resetPassword(place: PostgresPlace, password: string): Promise<void> {
  const running = promisify(execFile)(
    path.join(place.binDir, 'postgres'),
    ['--single', '-D', place.dataDir, 'postgres'],
    { ...place.runAs, cwd: '/' },
  );
  running.child.stdin!.end(`ALTER ROLE ${SUPERUSER} PASSWORD '${password}'\n`);
  await running;
}

/** For chaos tests: `hard` ends it the way a crash does (SIGKILL of the server), otherwise by a fast shutdown. */
export async function restartPostgres(stateDir: string, { hard = false } = {}): Promise<Postgres> {
  const { dataDir } = choosePostgresPlace(stateDir);
  const running = findRunningPostgres(dataDir);
  if (running) {
    if (hard) await endProcess(running.identity, { ask: 'SIGKILL' });
    else await stopServer(running.identity);
  }
  return startPostgres(stateDir, { portPatienceMs: 5_000 });
}

/** Synchronous last resort for an `exit` handler. */
export function signalPostgres(postgres: Postgres): void {
  if (isSameProcessAlive(postgres.identity)) process.kill(postgres.identity.pid, 'SIGINT');
}
