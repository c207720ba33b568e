import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A rename is durable once its directory is. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

/** Creates a folder so that it is still there after a power cut: every parent that got a new entry is synced as well. */
export async function createFolder(folder: string): Promise<void> {
  const firstCreated = await mkdir(folder, { recursive: true, mode: 0o750 });
  if (firstCreated === undefined) return;
  const top = dirname(firstCreated);
  for (let path = dirname(folder); path.length >= top.length; path = dirname(path)) {
    await syncDirectory(path);
    if (path === top) break;
  }
}
