import { accessSync, constants } from 'node:fs';
import path from 'node:path';

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
