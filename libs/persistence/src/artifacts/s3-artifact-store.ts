import { createHash, type Hash } from 'node:crypto';
import { ArtifactStore, InvalidInputError, NightshiftError, type StoredFile } from '#libs/domain';
import type { ObjectStorage } from '../objects/object-storage.js';

const FOLDER = 'artifacts';
const LONGEST_NAME = 800;

/** Artifacts as objects of a bucket, below `artifacts/`: for workers that share no disk. */
export class S3ArtifactStore extends ArtifactStore {
  constructor(private readonly objects: ObjectStorage) {
    super();
  }

  override async write(
    name: string,
    chunks: Iterable<Uint8Array>,
  ): Promise<{ sha256: string; bytes: number }> {
    const hash = createHash('sha256');
    const counted = { bytes: 0 };
    await this.objects.put(keyOf(name), counting(chunks, hash, counted));
    return { sha256: hash.digest('hex'), bytes: counted.bytes };
  }

  override async read(name: string, sha256?: string): Promise<Uint8Array<SharedArrayBuffer>> {
    const found = await this.objects.get(keyOf(name));
    if (found === undefined)
      throw new NightshiftError('internal', 'artifactMissing', `There is no artifact ${name}.`);
    const bytes = new Uint8Array(new SharedArrayBuffer(found.bytes));
    const hash = createHash('sha256');
    let length = 0;
    for await (const chunk of found.body) {
      hash.update(chunk);
      if (length + chunk.length <= bytes.length) bytes.set(chunk, length);
      length += chunk.length;
    }
    if (length !== bytes.length)
      throw new NightshiftError('internal', 'artifactCorrupt', `Artifact ${name} is cut short.`);
    if (sha256 !== undefined && hash.digest('hex') !== sha256)
      throw new NightshiftError('internal', 'artifactCorrupt', `Artifact ${name} is not what was written.`);
    return bytes;
  }

  /** There are no folders: one is as old as the newest object in it. */
  override async list(folder: string): Promise<StoredFile[]> {
    const beginning = `${keyOf(folder)}/`;
    const newest = new Map<string, Date>();
    for (const { key, changedAt } of await this.objects.list(beginning)) {
      const name = key.slice(beginning.length).split('/', 1)[0];
      const known = newest.get(name);
      if (known === undefined || known < changedAt) newest.set(name, changedAt);
    }
    return [...newest].map(([name, changedAt]) => ({ name: `${folder}/${name}`, changedAt }));
  }

  override async remove(name: string): Promise<void> {
    await this.objects.remove([keyOf(name)]);
  }

  override async removeFolder(folder: string): Promise<void> {
    const objects = await this.objects.list(`${keyOf(folder)}/`);
    await this.objects.remove(objects.map(({ key }) => key));
  }
}

function* counting(
  chunks: Iterable<Uint8Array>,
  hash: Hash,
  counted: { bytes: number },
): Generator<Uint8Array> {
  for (const chunk of chunks) {
    // The copy that is hashed is the one that is sent.
    const copy = Buffer.from(chunk);
    hash.update(copy);
    counted.bytes += copy.length;
    yield copy;
  }
}

/** As with files: no name leads anywhere else. */
function keyOf(name: string): string {
  const parts = name.split('/');
  if (parts.some((part) => part === '' || part === '.' || part === '..') || name.length > LONGEST_NAME)
    throw new InvalidInputError('invalidName', `${JSON.stringify(name)} is no name of an artifact.`);
  return `${FOLDER}/${name}`;
}
