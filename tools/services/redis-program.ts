// Finding a Redis (or Valkey) server. No npm package ships one, so on Debian and its relatives the distribution's own
// packages are downloaded and unpacked into a folder of ours, which needs no root; installing them is the last resort.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { hasDebianTools, libraryFoldersBelow, unpackFromDebian } from './debian-packages.ts';
import { findOnPath } from './find-on-path.ts';

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
  return { file, libraryPath: libraryFoldersBelow(folder).join(':') };
}

async function unpack(folder: string): Promise<RedisProgram | undefined> {
  const accept = async (root: string): Promise<boolean> => {
    const program = unpackedProgram(root);
    return program !== undefined && works(program);
  };
  return (await unpackFromDebian(folder, { packages: DEBIAN_PACKAGES, accept }))
    ? unpackedProgram(folder)
    : undefined;
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
  if (hasDebianTools()) {
    report('downloading Redis from the Debian archive');
    const program = (await unpack(cacheDir)) ?? (await installWithApt());
    if (program) return program;
  }
  throw new Error(
    'No Redis server was found. Install one ("apt install redis-server", "brew install redis", "dnf install redis" or ' +
      'valkey), or set REDIS_URL to a server of your own (7.0 or later).',
  );
}
