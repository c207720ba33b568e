// Finding a Redis (or Valkey) server. No npm package ships one, so on Debian and its relatives the distribution's own
// packages are downloaded and unpacked into a folder of ours, which needs no root; installing them is the last resort.
import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

export interface RedisProgram {
  file: string;
  /** Set when the server brings its own shared libraries. */
  libraryPath?: string;
}

const run = promisify(execFile);
const PROGRAMS = ['redis-server', 'valkey-server'];
// redis-server is a link into redis-tools; the others are libraries that a small image lacks.
const DEBIAN_PACKAGES = ['redis-tools', 'redis-server', 'liblzf1', 'libjemalloc2', 'libatomic1'];
const DOWNLOAD_TIMEOUT_MS = 180_000;

export function findOnPath(name: string, searchPath: string | undefined): string | undefined {
  // Daemons live in sbin, which an ordinary user's PATH often leaves out.
  const folders = [
    ...(searchPath ?? '').split(path.delimiter),
    '/usr/bin',
    '/usr/sbin',
    '/usr/local/bin',
    '/opt/homebrew/bin',
  ];
  for (const folder of folders.filter(Boolean)) {
    const file = path.join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      continue;
    }
  }
  return undefined;
}

async function works(program: RedisProgram): Promise<boolean> {
  try {
    const { stdout } = await run(program.file, ['--version'], { env: environmentOf(program, process.env) });
    return /server v=|v=\d/.test(stdout);
  } catch {
    return false;
  }
}

export function environmentOf(program: RedisProgram, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  if (!program.libraryPath) return env;
  return { ...env, LD_LIBRARY_PATH: [program.libraryPath, env.LD_LIBRARY_PATH].filter(Boolean).join(':') };
}

function unpackedProgram(folder: string): RedisProgram | undefined {
  const file = path.join(folder, 'usr/bin/redis-server');
  if (!existsSync(file)) return undefined;
  const libraryRoots = [path.join(folder, 'usr/lib'), path.join(folder, 'lib')].filter((root) =>
    existsSync(root),
  );
  const libraries = libraryRoots.flatMap((root) => [
    root,
    ...readdirSync(root, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => path.join(root, entry.name)),
  ]);
  return { file, libraryPath: libraries.join(':') };
}

interface Apt {
  /** Options for every apt call. */
  options: string[];
  cwd: string;
}

async function downloadPackages(apt: Apt): Promise<void> {
  const attempt = () =>
    run('apt-get', [...apt.options, '-qq', 'download', ...DEBIAN_PACKAGES], {
      cwd: apt.cwd,
      timeout: DOWNLOAD_TIMEOUT_MS,
    });
  try {
    await attempt();
  } catch {
    // No package lists, or old ones that name files which are gone. Some sources may fail: the download will tell.
    await run('apt-get', [...apt.options, '-qq', 'update'], { timeout: DOWNLOAD_TIMEOUT_MS }).catch(() => {});
    await attempt();
  }
}

async function unpackFromDebian(folder: string): Promise<RedisProgram | undefined> {
  const work = `${folder}.${process.pid}.tmp`;
  try {
    rmSync(work, { recursive: true, force: true });
    const [debs, root] = [path.join(work, 'debs'), path.join(work, 'root')];
    for (const name of [
      debs,
      root,
      path.join(work, 'lists/partial'),
      path.join(work, 'cache/archives/partial'),
    ]) {
      mkdirSync(name, { recursive: true });
    }
    // apt drops to a user of its own, who could not write into our folder.
    const asOurselves = ['-o', 'APT::Sandbox::User='];
    const privateState = ['-o', `Dir::State::lists=${work}/lists`, '-o', `Dir::Cache=${work}/cache`];
    const isRoot = process.getuid?.() === 0;
    await downloadPackages({ cwd: debs, options: asOurselves }).catch((error: unknown) => {
      if (isRoot) throw error;
      return downloadPackages({ cwd: debs, options: [...asOurselves, ...privateState] });
    });
    for (const deb of readdirSync(debs)) await run('dpkg-deb', ['-x', path.join(debs, deb), root]);
    const unpacked = unpackedProgram(root);
    if (!unpacked || !(await works(unpacked))) return undefined;
    rmSync(folder, { recursive: true, force: true });
    renameSync(root, folder);
    return unpackedProgram(folder);
  } catch {
    return undefined;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function installWithApt(): Promise<RedisProgram | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  try {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    await run('apt-get', ['-qq', 'install', '-y', '--no-install-recommends', 'redis-server'], {
      env: { ...env, RUNLEVEL: '1' }, // do not start a system-wide server
      timeout: DOWNLOAD_TIMEOUT_MS,
    });
  } catch {
    return undefined;
  }
  const file = findOnPath('redis-server', process.env.PATH);
  return file ? { file } : undefined;
}

/** A server program that runs, brought here if need be. `report` hears of anything that takes a while. */
export async function provideRedisProgram(
  cacheDir: string,
  { searchPath = process.env.PATH, report = (_message: string): void => {} } = {},
): Promise<RedisProgram> {
  for (const name of PROGRAMS) {
    const file = findOnPath(name, searchPath);
    if (file && (await works({ file }))) return { file };
  }
  const cached = unpackedProgram(cacheDir);
  if (cached && (await works(cached))) return cached;
  if (findOnPath('apt-get', process.env.PATH) && findOnPath('dpkg-deb', process.env.PATH)) {
    report('downloading Redis from the Debian archive');
    const program = (await unpackFromDebian(cacheDir)) ?? (await installWithApt());
    if (program) return program;
  }
  throw new Error(
    'No Redis server was found. Install one ("apt install redis-server", "brew install redis", "dnf install redis" or ' +
      'valkey), or set REDIS_URL to a server of your own (7.0 or later).',
  );
}
