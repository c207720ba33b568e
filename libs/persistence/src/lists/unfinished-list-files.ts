import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** What a list file is called until it is whole. */
export const TEMPORARY_PREFIX = '.tmp-';
/** No writer works for longer; an older unfinished file belongs to a process that was killed. */
export const ABANDONED_AFTER_MS = 6 * 3_600_000;

export async function removeUnfinished(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name.startsWith(TEMPORARY_PREFIX)) await removeAbandoned(join(folder, name));
  }
}

/** A file or a folder that nobody has touched for too long. */
export async function removeAbandoned(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found !== undefined && Date.now() - found.mtimeMs > ABANDONED_AFTER_MS)
    await rm(path, { recursive: true, force: true });
}
