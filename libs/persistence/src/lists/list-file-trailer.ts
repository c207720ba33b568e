import { createHash, type Hash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { ListFileCorruptError } from './list-file-errors.js';

/**
 * LMDB trusts its file: reading a truncated one ends the process with SIGBUS. So a finished list file carries a trailer behind
 * LMDB's last page (which LMDB itself never looks at): magic, length of what is before it, and its SHA-256.
 */
const MAGIC = Buffer.from('NSLIST01', 'latin1');
export const TRAILER_BYTES = 48;
export const SEALED_MODE = 0o440;
const CHUNK_BYTES = 1 << 20;

/** Appends the trailer, takes away the right to write, syncs, and returns the hash of the whole file. */
export async function sealListFile(path: string): Promise<{ sha256: string; bytes: number }> {
  const file = await open(path, 'r+');
  try {
    const { size } = await file.stat();
    const hash = await hashHead(file, size);
    const trailer = Buffer.alloc(TRAILER_BYTES);
    MAGIC.copy(trailer);
    trailer.writeBigUInt64LE(BigInt(size), 8);
    hash.copy().digest().copy(trailer, 16);
    await file.write(trailer, 0, TRAILER_BYTES, size);
    // Readers map the file into memory: whoever cut or overwrote it by mistake would end them.
    await file.chmod(SEALED_MODE);
    await file.sync();
    return { sha256: hash.update(trailer).digest('hex'), bytes: size + TRAILER_BYTES };
  } finally {
    await file.close();
  }
}

/** @throws ListFileCorruptError when the file is not byte for byte what a writer sealed */
export async function verifyListFile(path: string, listFile: string): Promise<void> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const length = size - TRAILER_BYTES;
    if (length <= 0) throw new ListFileCorruptError(listFile, 'it is too short');
    const trailer = Buffer.alloc(TRAILER_BYTES);
    await file.read(trailer, 0, TRAILER_BYTES, length);
    if (!trailer.subarray(0, 8).equals(MAGIC) || trailer.readBigUInt64LE(8) !== BigInt(length)) {
      throw new ListFileCorruptError(listFile, 'it is truncated or was not written by a list writer');
    }
    const digest = (await hashHead(file, length)).digest();
    if (!digest.equals(trailer.subarray(16)))
      throw new ListFileCorruptError(listFile, 'its checksum does not match');
  } finally {
    await file.close();
  }
}

/** In pieces, each behind an await: a file of a gigabyte must not stop the requests of everybody else. */
async function hashHead(file: FileHandle, length: number): Promise<Hash> {
  const hash = createHash('sha256');
  const chunk = Buffer.allocUnsafe(Math.max(1, Math.min(CHUNK_BYTES, length)));
  for (let position = 0; position < length;) {
    const { bytesRead } = await file.read(chunk, 0, Math.min(chunk.length, length - position), position);
    if (bytesRead === 0) throw new Error('The file became shorter while it was read.');
    hash.update(chunk.subarray(0, bytesRead));
    position += bytesRead;
  }
  return hash;
}
