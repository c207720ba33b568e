import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';

// npm packages cannot contain symbolic links, so the PostgreSQL package lists its own in a file and makes them in an
// install script. Install scripts do not run here (`npm ci --ignore-scripts`), so this does it, each time it is needed.
export function hydrateSymlinks(packageDir) {
  const list = path.join(packageDir, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return 0;
  let made = 0;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8'))) {
    try {
      symlinkSync(path.basename(source), path.join(packageDir, target));
      made++;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
  }
  return made;
}
