import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { asStorageError } from '../artifacts/storage-errors.js';
import type { ObjectStorage } from '../objects/object-storage.js';
import { ListFileMissingError } from './list-file-errors.js';
import { resolveListFile } from './list-file-name.js';
import { SEALED_MODE, verifyListFile } from './list-file-trailer.js';
import { createFolder, syncDirectory } from './sync-directory.js';
import { removeUnfinished, TEMPORARY_PREFIX } from './unfinished-list-files.js';

/** Key of a list file, or of a folder of them, in the storage. @throws InvalidInputError as for a file's name on a disk */
export function listKey(listFile: string): string {
  resolveListFile('/', listFile);
  return `lists/${listFile}`;
}

/**
 * Fetches a list file to a path: absent or whole, as if it had been written there. Its own checksum, not the storage's word, says
 * that it is what was sealed.
 * @throws ListFileMissingError, ListFileCorruptError, StorageAwayError, StorageFullError
 */
export async function fetchListFile(objects: ObjectStorage, listFile: string, path: string): Promise<void> {
  const found = await objects.get(listKey(listFile));
  if (found === undefined) throw new ListFileMissingError(listFile);
  const folder = dirname(path);
  const aside = join(folder, `${TEMPORARY_PREFIX}${randomUUID()}-${basename(path)}`);
  try {
    await createFolder(folder);
    await removeUnfinished(folder);
    await writeSealed(aside, found.body);
    await verifyListFile(aside, listFile);
    await rename(aside, path);
    await syncDirectory(folder);
  } catch (error) {
    await rm(aside, { force: true });
    throw await asStorageError(error, 'list store', folder);
  }
}

async function writeSealed(path: string, body: AsyncIterable<Uint8Array>): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    for await (const chunk of body) await file.writeFile(chunk);
    await file.chmod(SEALED_MODE);
    await file.sync();
  } finally {
    await file.close();
  }
}
