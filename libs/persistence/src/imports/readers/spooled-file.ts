import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { ByteSource } from './byte-source.js';

export interface SpooledFile {
  readonly path: string;
  remove(): Promise<void>;
}

/** Puts a body aside on disk, for formats that have to be read from the end. */
export async function spool(bytes: ByteSource, directory: string): Promise<SpooledFile> {
  await mkdir(directory, { recursive: true });
  const path = join(directory, `${randomUUID()}.part`);
  const remove = () => rm(path, { force: true });
  try {
    await pipeline(bytes.chunks, createWriteStream(path, { flags: 'wx', mode: 0o600 }));
  } catch (error) {
    await remove();
    throw error;
  }
  return { path, remove };
}
