// A Chromium for the browser tests: one that is installed, else Debian's package unpacked into a folder of ours, else the one that
// Playwright downloads. Neither of the latter needs root or changes anything on the machine.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { hasDebianTools, libraryFoldersBelow, unpackFromDebian } from '../services/debian-packages.ts';
import { findOnPath } from '../services/find-on-path.ts';

export interface Chromium {
  readonly file: string;
  readonly env: Readonly<Record<string, string>>;
}

interface Options {
  readonly report?: (message: string) => void;
  readonly searchPath?: string | undefined;
}

const run = promisify(execFile);
const NAMES = [
  ...['chromium-headless-shell', 'chromium', 'chromium-browser'],
  ...['google-chrome', 'google-chrome-stable', 'chrome'],
];
const APPLICATIONS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];
const DEBIAN_PACKAGE = 'chromium-headless-shell';
const DOWNLOAD_TIMEOUT_MS = 600_000;

export async function provideChromium(
  cacheDir: string,
  { report = () => undefined, searchPath = process.env.PATH }: Options = {},
): Promise<Chromium> {
  for (const file of [...NAMES.map((name) => findOnPath(name, searchPath)), ...APPLICATIONS]) {
    if (file !== undefined && existsSync(file) && (await works({ file, env: {} }))) return { file, env: {} };
  }
  mkdirSync(cacheDir, { recursive: true });
  const program =
    (await fromDebian(path.join(cacheDir, 'debian'), report)) ??
    (await fromPlaywright(path.join(cacheDir, 'playwright'), report));
  if (program !== undefined) return program;
  throw new Error(
    'No Chromium was found, and none could be downloaded. Install one ("apt install chromium").',
  );
}

async function fromDebian(folder: string, report: (message: string) => void): Promise<Chromium | undefined> {
  const cached = unpackedChromium(folder);
  if (cached !== undefined && (await works(cached))) return cached;
  if (!hasDebianTools()) return undefined;
  report('downloading Chromium from the Debian archive');
  const accept = async (root: string): Promise<boolean> => {
    const program = unpackedChromium(root);
    return program !== undefined && works(program);
  };
  const isThere = await unpackFromDebian(folder, {
    ...{ packages: [DEBIAN_PACKAGE], withDependencies: true, accept },
  });
  return isThere ? unpackedChromium(folder) : undefined;
}

function unpackedChromium(folder: string): Chromium | undefined {
  const file = path.join(folder, 'usr/lib/chromium', DEBIAN_PACKAGE);
  if (!existsSync(file)) return undefined;
  const folders = [...libraryFoldersBelow(folder), process.env.LD_LIBRARY_PATH];
  return { file, env: { LD_LIBRARY_PATH: folders.filter(Boolean).join(':') } };
}

async function fromPlaywright(
  folder: string,
  report: (message: string) => void,
): Promise<Chromium | undefined> {
  const env = { ...process.env, PLAYWRIGHT_BROWSERS_PATH: folder };
  const cli = path.resolve('node_modules/playwright-core/cli.js');
  const list = async (): Promise<Chromium | undefined> => {
    const { stdout } = await run(process.execPath, ['-e', PRINT_EXECUTABLE], { env });
    const program = { file: stdout.trim(), env: {} };
    return existsSync(program.file) && (await works(program)) ? program : undefined;
  };
  try {
    const cached = await list();
    if (cached !== undefined) return cached;
    report('downloading Chromium with Playwright');
    await run(process.execPath, [cli, 'install', 'chromium'], { env, timeout: DOWNLOAD_TIMEOUT_MS });
    return await list();
  } catch {
    return undefined;
  }
}

/** In a process of its own: the library reads the folder when it is loaded. */
const PRINT_EXECUTABLE = "process.stdout.write(require('playwright-core').chromium.executablePath())";

async function works({ file, env }: Chromium): Promise<boolean> {
  try {
    const { stdout } = await run(file, ['--version'], { env: { ...process.env, ...env }, timeout: 30_000 });
    return /\d+\.\d+/.test(stdout);
  } catch {
    return false;
  }
}
