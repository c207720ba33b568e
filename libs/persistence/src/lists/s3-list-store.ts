import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  ListStore,
  type ListFileHeader,
  type ListReader,
  type ListWriter,
  type StoredFile,
} from '#libs/domain';
import type { ObjectStorage } from '../objects/object-storage.js';
import { fetchListFile, listKey } from './fetch-list-file.js';
import { resolveListFile } from './list-file-name.js';
import { LmdbListStore } from './lmdb-list-store.js';
import { removeAbandoned } from './unfinished-list-files.js';

const LOOK_FOR_ABANDONED_MS = 3_600_000;

/**
 * List files in a bucket, below `lists/`. A file that is written or read passes through this disk, and stays there no longer than
 * that: whoever answers requests keeps copies (`PulledListStore`).
 */
export class S3ListStore extends ListStore {
  private readonly spool: string;
  private lookedForAbandonedAt = 0;

  constructor(
    stateDirectory: string,
    protected readonly objects: ObjectStorage,
  ) {
    super();
    this.spool = join(stateDirectory, 'list-spool');
  }

  /** What `finish` has returned is in the bucket: nobody is pointed at a file that others cannot fetch. */
  override async create(listFile: string, header: ListFileHeader): Promise<ListWriter> {
    const place = await this.newPlace(listFile);
    const writer = await place.store.create(listFile, header);
    const [finish, abandon] = [writer.finish.bind(writer), writer.abandon.bind(writer)];
    return Object.assign(writer, {
      finish: () =>
        leaving(place, async () => {
          const finished = await finish();
          await this.upload(place, listFile);
          return finished;
        }),
      abandon: () => leaving(place, abandon),
    });
  }

  /** @throws ListFileMissingError, ListFileCorruptError, StorageAwayError */
  override async open(listFile: string): Promise<ListReader> {
    const place = await this.newPlace(listFile);
    // A file that was removed stays readable for as long as it is open.
    return leaving(place, async () => {
      await fetchListFile(this.objects, listFile, pathIn(place, listFile));
      return place.store.open(listFile);
    });
  }

  override async list(folder: string): Promise<StoredFile[]> {
    const beginning = `${listKey(folder)}/`;
    const objects = await this.objects.list(beginning);
    return objects.map(({ key, changedAt }) => ({
      name: `${folder}/${key.slice(beginning.length)}`,
      changedAt,
    }));
  }

  override async remove(listFile: string): Promise<void> {
    await this.objects.remove([listKey(listFile)]);
  }

  override async checksum(listFile: string): Promise<string | undefined> {
    const found = await this.objects.get(listKey(listFile));
    if (found === undefined) return undefined;
    const hash = createHash('sha256');
    for await (const chunk of found.body) hash.update(chunk);
    return hash.digest('hex');
  }

  override async copyWithout(
    listFile: string,
    copy: string,
    customerId: string,
  ): Promise<{ sha256: string; bytes: number } | undefined> {
    const place = await this.newPlace(listFile);
    return leaving(place, async () => {
      await fetchListFile(this.objects, listFile, pathIn(place, listFile));
      const made = await place.store.copyWithout(listFile, copy, customerId);
      if (made !== undefined) await this.upload(place, copy);
      return made;
    });
  }

  private upload(place: Place, listFile: string): Promise<void> {
    return this.objects.put(listKey(listFile), createReadStream(pathIn(place, listFile)));
  }

  /** A folder for one file on its way. */
  private async newPlace(listFile: string): Promise<Place> {
    listKey(listFile);
    await this.removeAbandoned();
    const folder = join(this.spool, randomUUID());
    return { folder, store: new LmdbListStore(folder) };
  }

  private async removeAbandoned(): Promise<void> {
    const now = Date.now();
    if (now - this.lookedForAbandonedAt < LOOK_FOR_ABANDONED_MS) return;
    this.lookedForAbandonedAt = now;
    for (const name of await readdir(this.spool).catch(() => [] as string[])) {
      await removeAbandoned(join(this.spool, name));
    }
  }
}

interface Place {
  readonly folder: string;
  readonly store: LmdbListStore;
}

const pathIn = ({ folder }: Place, listFile: string): string =>
  resolveListFile(join(folder, 'lists'), listFile);

async function leaving<T>({ folder }: Place, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
