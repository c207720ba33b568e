import { randomUUID } from 'node:crypto';
import { link, open, rm } from 'node:fs/promises';

/** LMDB's lock file is about 8 KB with its usual number of readers; it grows what is smaller and keeps what is larger. */
const LOCK_FILE_BYTES = 16_384;

/**
 * Makes LMDB's lock file with its blocks on the disk. LMDB itself makes one with a hole and writes to it through a memory map:
 * on a full disk that ends the process with SIGBUS, where this is an error that can be caught. Linked into place whole: another
 * process may be opening the same file, and what it has written there must stay.
 */
export async function reserveLockFile(path: string): Promise<void> {
  const lockFile = `${path}-lock`;
  const aside = `${path}.lock-${randomUUID()}`;
  try {
    const file = await open(aside, 'wx', 0o660);
    try {
      await file.writeFile(Buffer.alloc(LOCK_FILE_BYTES));
    } finally {
      await file.close();
    }
    await link(aside, lockFile).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(aside, { force: true });
  }
}
