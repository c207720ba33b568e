import { access, readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ListCopies, StorageAwayError, type ListReader, type StoredFile } from '#libs/domain';
import type { ObjectStorage } from '../objects/object-storage.js';
import { fetchListFile } from './fetch-list-file.js';
import { ListFileCorruptError, ListFileMissingError } from './list-file-errors.js';
import { resolveListFile } from './list-file-name.js';
import { LmdbListStore } from './lmdb-list-store.js';
import { S3ListStore } from './s3-list-store.js';

/** How long somebody who opens a file waits for it to be fetched; it is fetched to its end all the same. */
const OPEN_PATIENCE_MS = 5_000;

/** A bucket's list files with copies on this disk, which are enough to answer for as long as the bucket is away. */
export class PulledListStore extends S3ListStore implements ListCopies {
  private readonly root: string;
  private readonly local: LmdbListStore;
  private readonly fetching = new Map<string, Promise<void>>();

  constructor(
    stateDirectory: string,
    objects: ObjectStorage,
    private readonly openPatienceMs = OPEN_PATIENCE_MS,
  ) {
    super(stateDirectory, objects);
    this.root = resolve(stateDirectory, 'lists');
    this.local = new LmdbListStore(stateDirectory);
  }

  /** @throws ListFileMissingError, ListFileCorruptError; StorageAwayError when it has to be fetched and cannot be now */
  override async open(listFile: string): Promise<ListReader> {
    try {
      return await this.local.open(listFile);
    } catch (error) {
      const isHealable = error instanceof ListFileMissingError || error instanceof ListFileCorruptError;
      if (!isHealable) throw error;
    }
    await this.inTime(this.fetch(listFile));
    return this.local.open(listFile);
  }

  async has(listFile: string): Promise<boolean> {
    return access(resolveListFile(this.root, listFile)).then(
      () => true,
      () => false,
    );
  }

  /** Asked twice at once, it is fetched once. */
  fetch(listFile: string): Promise<void> {
    const underWay = this.fetching.get(listFile);
    if (underWay !== undefined) return underWay;
    const fetched = fetchListFile(this.objects, listFile, resolveListFile(this.root, listFile)).finally(() =>
      this.fetching.delete(listFile),
    );
    this.fetching.set(listFile, fetched);
    return fetched;
  }

  async folders(): Promise<readonly string[]> {
    return readdir(this.root).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
  }

  copies(folder: string): Promise<StoredFile[]> {
    return this.local.list(folder);
  }

  forget(listFile: string): Promise<void> {
    return this.local.remove(listFile);
  }

  private async inTime(fetched: Promise<void>): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      const error = new Error(`not fetched within ${this.openPatienceMs} ms`);
      timer = setTimeout(() => reject(new StorageAwayError('object storage', error)), this.openPatienceMs);
    });
    // Whoever comes later finds out by themselves.
    fetched.catch(() => undefined);
    try {
      await Promise.race([fetched, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}
