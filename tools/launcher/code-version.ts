// What every model version records as the code that made it: the release, and the commit where there is one.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

function git(...args: string[]): string | undefined {
  try {
    return execFileSync('git', args, {
      cwd: ROOT,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return undefined; // no git, or not a clone
  }
}

/** For instance 0.1.0+3f2a91c, with .dirty behind it when the working tree is not what was committed. */
export function codeVersion(): string {
  const { version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
    version: string;
  };
  const commit = git('rev-parse', '--short=12', 'HEAD');
  if (commit === undefined) return version;
  return `${version}+${commit}${git('status', '--porcelain') === '' ? '' : '.dirty'}`;
}
