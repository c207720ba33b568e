import { open, type RootDatabase } from 'lmdb';
import { rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CUSTOMER_FALLBACK_PREFIX, CUSTOMER_PREFIX, encodeKey, PROFILE_PREFIX } from './list-file-keys.js';
import { sealListFile } from './list-file-trailer.js';
import { closeDatabase } from './lmdb-list-reader.js';
import { syncDirectory } from './sync-directory.js';

const TRANSACTION_BYTES = 32 << 20;
const OPTIONS = {
  noSubdir: true,
  maxDbs: 0,
  pageSize: 4096,
  keyEncoding: 'binary',
  encoding: 'binary',
} as const;

/**
 * Copies a list file, in its order and byte for byte, but for one customer. Undefined when they are not in it. The pages of the
 * source stay on the disk until their file is removed; the copy never had them.
 */
export async function copyListFile(
  source: string,
  target: string,
  temporary: string,
  customerId: string,
): Promise<{ sha256: string; bytes: number } | undefined> {
  const left = [CUSTOMER_PREFIX, CUSTOMER_FALLBACK_PREFIX, PROFILE_PREFIX].map((prefix) =>
    encodeKey(prefix, customerId),
  );
  const from = open<Buffer, Buffer>(source, { ...OPTIONS, readOnly: true });
  try {
    if (!left.some((key) => from.getBinary(key) !== undefined)) return undefined;
    await copyEntries(from, temporary, left);
    const sealed = await sealListFile(temporary);
    await rename(temporary, target);
    await syncDirectory(dirname(target));
    return sealed;
  } finally {
    await closeDatabase(from);
    for (const path of [`${source}-lock`, temporary, `${temporary}-lock`]) await rm(path, { force: true });
  }
}

async function copyEntries(
  from: RootDatabase<Buffer, Buffer>,
  path: string,
  left: readonly Buffer[],
): Promise<void> {
  const to = open<Buffer, Buffer>(path, { ...OPTIONS, noSync: true });
  try {
    const entries = from.getRange({ snapshot: true })[Symbol.iterator]();
    for (let isOver = false; !isOver;) {
      to.transactionSync(() => {
        for (let bytes = 0; bytes < TRANSACTION_BYTES;) {
          const next = entries.next();
          if (next.done === true) return void (isOver = true);
          const { key, value } = next.value;
          if (left.some((one) => one.equals(key))) continue;
          to.putSync(Buffer.from(key), Buffer.from(value), { append: true });
          bytes += value.length;
        }
      });
      // Whoever runs this also serves runs.
      await new Promise((resolve) => setImmediate(resolve));
    }
  } finally {
    await to.close();
  }
}
