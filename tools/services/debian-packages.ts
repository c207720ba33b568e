// Debian's own packages, downloaded and unpacked into a folder of ours: needs no root and changes nothing on the machine.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { findOnPath } from './find-on-path.ts';

const run = promisify(execFile);
const DOWNLOAD_TIMEOUT_MS = 300_000;

interface Apt {
  /** Options for every apt call. */
  readonly options: readonly string[];
  readonly cwd: string;
}

interface Wanted {
  readonly packages: readonly string[];
  /** With everything that they need and this machine lacks; else these packages alone. */
  readonly withDependencies?: boolean;
  /** Whether what was unpacked below a folder is good for use. */
  readonly accept: (root: string) => Promise<boolean>;
}

export const hasDebianTools = (): boolean =>
  ['apt-get', 'dpkg-deb'].every((name) => findOnPath(name, process.env.PATH) !== undefined);

/** Whether the packages now lie below the folder. */
export async function unpackFromDebian(folder: string, wanted: Wanted): Promise<boolean> {
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
    await download({ cwd: debs, options: asOurselves }, wanted).catch((error: unknown) => {
      if (isRoot) throw error;
      return download({ cwd: debs, options: [...asOurselves, ...privateState] }, wanted);
    });
    for (const deb of readdirSync(debs)) await run('dpkg-deb', ['-x', path.join(debs, deb), root]);
    if (!(await wanted.accept(root))) return false;
    rmSync(folder, { recursive: true, force: true });
    renameSync(root, folder);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function download(apt: Apt, wanted: Wanted): Promise<void> {
  const attempt = async () => {
    const names = wanted.withDependencies ? await missingWith(apt, wanted.packages) : wanted.packages;
    const args = [...apt.options, '-qq', 'download', ...names];
    await run('apt-get', args, { cwd: apt.cwd, timeout: DOWNLOAD_TIMEOUT_MS });
  };
  try {
    await attempt();
  } catch {
    // No package lists, or old ones that name files which are gone. Some sources may fail: the download will tell.
    await run('apt-get', [...apt.options, '-qq', 'update'], { timeout: DOWNLOAD_TIMEOUT_MS }).catch(() => {});
    await attempt();
  }
}

/** What an installation would bring: apt only tells, and installs nothing. */
async function missingWith({ options }: Apt, packages: readonly string[]): Promise<string[]> {
  const args = [...options, '-s', '-qq', '--no-install-recommends', 'install', ...packages];
  const { stdout } = await run('apt-get', args, { maxBuffer: 16 * 1024 * 1024 });
  const names = [...stdout.matchAll(/^Inst (\S+)/gm)].map(([, name]) => name!);
  // Installed for the system and yet not found on the PATH: take the packages themselves.
  return names.length > 0 ? names : [...packages];
}

/** Where the libraries of unpacked packages lie, for LD_LIBRARY_PATH: some keep theirs in a folder of their own. */
export function libraryFoldersBelow(folder: string): string[] {
  const roots = ['usr/lib', 'lib'].map((name) => path.join(folder, name)).filter((root) => existsSync(root));
  const below = roots.flatMap(foldersIn);
  return [...roots, ...below, ...below.flatMap(foldersIn).filter(holdsLibraries)];
}

const foldersIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => path.join(folder, entry.name));

const holdsLibraries = (folder: string): boolean =>
  readdirSync(folder).some((name) => /\.so(\.|$)/.test(name));
