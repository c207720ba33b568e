import { randomUUID } from 'node:crypto';
import { rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import {
  ListStore,
  type ListFileHeader,
  type ListReader,
  type ListWriter,
  type StoredFile,
} from '#libs/domain';
import { listFolder } from '../artifacts/list-folder.js';
import { asStorageError } from '../artifacts/storage-errors.js';
import { ListFileMissingError } from './list-file-errors.js';
import { identityOf } from './list-file-identity.js';
import { resolveListFile } from './list-file-name.js';
import { checksumOf } from './list-file-checksum.js';
import { verifyListFile } from './list-file-trailer.js';
import { copyListFile } from './copy-list-file.js';
import { LmdbListReader } from './lmdb-list-reader.js';
import { LmdbListWriter } from './lmdb-list-writer.js';
import { reserveLockFile } from './reserve-lock-file.js';
import { createFolder } from './sync-directory.js';
import { removeUnfinished, TEMPORARY_PREFIX } from './unfinished-list-files.js';

/** List files under `<stateDir>/lists/`. They are never changed once they have their name. */
export class LmdbListStore extends ListStore {
  private readonly root: string;
  /** What this process has checksummed: name to inode, size and time of change. */
  private readonly verified = new Map<string, string>();

  constructor(stateDirectory: string) {
    super();
    this.root = resolve(stateDirectory, 'lists');
  }

  async create(listFile: string, header: ListFileHeader): Promise<ListWriter> {
    const path = resolveListFile(this.root, listFile);
    const folder = dirname(path);
    await createFolder(folder).catch(async (error: unknown) => {
      throw await asStorageError(error, 'list store', this.root);
    });
    await removeUnfinished(folder);
    return new LmdbListWriter(
      path,
      join(folder, `${TEMPORARY_PREFIX}${randomUUID()}-${basename(path)}`),
      header,
    );
  }

  /** @throws ListFileMissingError, ListFileCorruptError */
  async open(listFile: string): Promise<ListReader> {
    const path = resolveListFile(this.root, listFile);
    const identity = await this.verify(path, listFile);
    const onCorrupt = () => void this.verified.delete(path);
    await reserveLockFile(path);
    const reader = LmdbListReader.open({ path, listFile, identity, onCorrupt });
    // Nobody ever writes to this file, so nobody needs LMDB's lock file: it only has to exist while the file is opened.
    await rm(`${path}-lock`, { force: true });
    return reader;
  }

  async list(folder: string): Promise<StoredFile[]> {
    const files = await listFolder(resolveListFile(this.root, folder), folder);
    return files.filter(({ name }) => !basename(name).startsWith(TEMPORARY_PREFIX));
  }

  async remove(listFile: string): Promise<void> {
    const path = resolveListFile(this.root, listFile);
    this.verified.delete(path);
    await rm(path, { force: true });
    await rm(`${path}-lock`, { force: true });
  }

  async checksum(listFile: string): Promise<string | undefined> {
    return checksumOf(resolveListFile(this.root, listFile));
  }

  async copyWithout(
    listFile: string,
    copy: string,
    customerId: string,
  ): Promise<{ sha256: string; bytes: number } | undefined> {
    const [source, target] = [resolveListFile(this.root, listFile), resolveListFile(this.root, copy)];
    await this.verify(source, listFile);
    const temporary = join(dirname(target), `${TEMPORARY_PREFIX}${randomUUID()}-${basename(target)}`);
    return copyListFile(source, target, temporary, customerId);
  }

  /** The checksum is worth its time once per file and process; after that, only a change of the file is looked for. */
  private async verify(path: string, listFile: string): Promise<string> {
    const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') throw new ListFileMissingError(listFile);
      throw error;
    });
    const identity = identityOf(found);
    if (this.verified.get(path) === identity) return identity;
    await verifyListFile(path, listFile);
    this.verified.set(path, identity);
    return identity;
  }
}
