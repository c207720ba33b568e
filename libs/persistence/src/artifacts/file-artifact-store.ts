import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import { ArtifactStore, InvalidInputError, NightshiftError, type StoredFile } from '#libs/domain';
import { listFolder } from './list-folder.js';
import { asStorageError } from './storage-errors.js';

/** Artifacts as files below one folder. */
export class FileArtifactStore extends ArtifactStore {
  private readonly root: string;

  constructor(root: string) {
    super();
    this.root = resolve(root);
  }

  override async write(
    name: string,
    chunks: Iterable<Uint8Array>,
  ): Promise<{ sha256: string; bytes: number }> {
    const path = this.pathOf(name);
    const aside = `${path}.tmp-${randomUUID()}`;
    const hash = createHash('sha256');
    let bytes = 0;
    try {
      const file = await createFile(aside);
      try {
        for (const block of inBlocks(chunks)) {
          hash.update(block);
          bytes += block.byteLength;
          await file.writeFile(block);
        }
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(aside, path);
      await syncFolder(dirname(path));
    } catch (error) {
      await rm(aside, { force: true });
      throw await asStorageError(error, 'artifact store', this.root);
    }
    return { sha256: hash.digest('hex'), bytes };
  }

  override async read(name: string, sha256?: string): Promise<Uint8Array<SharedArrayBuffer>> {
    const bytes = await this.readWhole(name);
    if (sha256 !== undefined && createHash('sha256').update(bytes).digest('hex') !== sha256) {
      throw new NightshiftError('internal', 'artifactCorrupt', `Artifact ${name} is not what was written.`);
    }
    return bytes;
  }

  override async list(folder: string): Promise<StoredFile[]> {
    return listFolder(this.pathOf(folder), folder);
  }

  override async remove(name: string): Promise<void> {
    await rm(this.pathOf(name), { force: true });
  }

  override async removeFolder(folder: string): Promise<void> {
    await rm(this.pathOf(folder), { recursive: true, force: true });
  }

  private async readWhole(name: string): Promise<Uint8Array<SharedArrayBuffer>> {
    const file = await open(this.pathOf(name), 'r').catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'ENOENT'
        ? new NightshiftError('internal', 'artifactMissing', `There is no artifact ${name}.`)
        : error;
    });
    try {
      const { size } = await file.stat();
      const bytes = new Uint8Array(new SharedArrayBuffer(size));
      for (let offset = 0; offset < size;) {
        const { bytesRead } = await file.read(bytes, offset, size - offset, offset);
        if (bytesRead === 0)
          throw new NightshiftError('internal', 'artifactCorrupt', `Artifact ${name} is cut short.`);
        offset += bytesRead;
      }
      return bytes;
    } finally {
      await file.close();
    }
  }

  private pathOf(name: string): string {
    const path = resolve(this.root, name);
    if (!path.startsWith(this.root + sep)) {
      throw new InvalidInputError('invalidName', `${JSON.stringify(name)} is no name of an artifact.`);
    }
    return path;
  }
}

/** Nearly always in a folder that is there. */
async function createFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'wx', 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    await mkdir(dirname(path), { recursive: true });
    return open(path, 'wx', 0o600);
  }
}

const BLOCK_BYTES = 2 ** 19;

/** Small chunks together: each write is a way to another thread and back. A block is good until the next is asked for. */
function* inBlocks(chunks: Iterable<Uint8Array>): Generator<Uint8Array> {
  let block: Uint8Array | undefined;
  let filled = 0;
  for (const chunk of chunks) {
    if (block !== undefined && filled + chunk.byteLength > BLOCK_BYTES) {
      yield block.subarray(0, filled);
      filled = 0;
    }
    if (chunk.byteLength > BLOCK_BYTES) yield chunk;
    else {
      block ??= Buffer.allocUnsafeSlow(BLOCK_BYTES);
      block.set(chunk, filled);
      filled += chunk.byteLength;
    }
  }
  if (block !== undefined && filled > 0) yield block.subarray(0, filled);
}

/** A rename is durable only once its folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
