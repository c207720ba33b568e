import { statfs } from 'node:fs/promises';
import { StorageFullError } from '#libs/domain';

const FULL = new Set<unknown>(['ENOSPC', 'EDQUOT']);
/** What LMDB makes of a write that was cut short: EIO as a number. */
const LMDB_SHORT_WRITE = 5;
/** LMDB asks for many pages at once, so there may be room for some of them. */
const ALMOST_NOTHING_BYTES = 1 << 20;

/** An error of writing below `folder` in words of the domain where it is known to be a full disk; otherwise as it is. */
export async function asStorageError(error: unknown, store: string, folder: string): Promise<unknown> {
  const { code } = (error ?? {}) as { code?: unknown };
  if (FULL.has(code)) return new StorageFullError(store, error);
  if (code !== LMDB_SHORT_WRITE) return error;
  const disk = await statfs(folder).catch(() => undefined);
  const isFull = disk !== undefined && disk.bavail * disk.bsize < ALMOST_NOTHING_BYTES;
  return isFull ? new StorageFullError(store, error) : error;
}
