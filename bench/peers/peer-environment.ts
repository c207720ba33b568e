import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { stateDir } from '../../tools/bootstrap/paths.mjs';
import { say } from './say.ts';

export class PythonMissing extends Error {}

function run(file: string, args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(file, args, { encoding: 'utf8' });
  if (error || status !== 0) {
    throw new Error(`"${path.basename(file)} ${args.join(' ')}" failed: ${error?.message ?? stderr}`);
  }
  return stdout;
}

function requirePython(python: string): void {
  try {
    run(python, ['-c', 'import sys, venv, ensurepip; assert sys.version_info >= (3, 11)']);
  } catch {
    throw new PythonMissing(
      `This runs on Python 3.11 or later with venv, and "${python}" is none. It is needed for this check alone; ` +
        'name another one with --python.',
    );
  }
}

/** The Python of a virtual environment with the pinned peers. @throws PythonMissing */
export function preparePeers(python: string): string {
  return preparePython(python, path.join(import.meta.dirname, 'requirements.txt'));
}

/**
 * The Python of a virtual environment with the packages of a requirements file, in the project's state folder; made when it is not
 * there.
 * @throws PythonMissing
 */
export function preparePython(python: string, requirements: string): string {
  const hash = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12);
  const folder = path.join(stateDir, 'peers', hash);
  const inside = process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python';
  const interpreter = path.join(folder, inside);
  const done = path.join(folder, 'installed');
  if (existsSync(done)) return interpreter;
  requirePython(python);
  say('installing from PyPI');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(path.dirname(folder), { recursive: true });
  run(python, ['-m', 'venv', folder]);
  run(interpreter, [
    ...['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--only-binary', ':all:'],
    ...['--requirement', requirements],
  ]);
  writeFileSync(done, '');
  return interpreter;
}
