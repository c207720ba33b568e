import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { StoredFile } from '#libs/domain';

/** What lies directly in a folder, named below `prefix`. What disappears meanwhile is left out. */
export async function listFolder(path: string, prefix: string): Promise<StoredFile[]> {
  const names = await readdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const files = await Promise.all(
    names.map(async (name) => {
      const found = await stat(join(path, name)).catch(() => undefined);
      return found && { name: `${prefix}/${name}`, changedAt: found.mtime };
    }),
  );
  return files.filter((file) => file !== undefined);
}
