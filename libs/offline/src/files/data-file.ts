import { createReadStream } from 'node:fs';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { InvalidInputError } from '#libs/domain';

const CHUNK_BYTES = 1 << 20;

/** A file that somebody named. */
export interface DataFile {
  /** As they named it: errors repeat it. */
  readonly name: string;
  /** Absolute. */
  readonly path: string;
}

/** A refusal of a line: file, line and field in the message, and the field with its code beside it. */
export function lineError(
  file: DataFile,
  line: number,
  field: string,
  code: string,
  message: string,
): InvalidInputError {
  return new InvalidInputError('brokenLine', `${file.name}, line ${line}, ${field}: ${message}.`, [
    { field, code, message },
  ]);
}

/** The bytes of a file, unpacked if it is gzip, a megabyte at a time. @throws InvalidInputError fileNotReadable, damagedGzip */
export async function* chunksOf(file: DataFile): AsyncGenerator<Uint8Array> {
  const chunks = readChunks(file);
  const first = await chunks.next();
  if (first.done === true) return;
  const { value } = first;
  if (value[0] === 0x1f && value[1] === 0x8b) yield* unpacked(file, rejoin(value, chunks));
  else yield* rejoin(value, chunks);
}

async function* rejoin(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* rest;
}

async function* readChunks(file: DataFile): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of createReadStream(file.path, { highWaterMark: CHUNK_BYTES }))
      yield chunk as Buffer;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'there is no such file' : (code ?? String(error));
    throw new InvalidInputError('fileNotReadable', `${file.name} cannot be read: ${reason}.`);
  }
}

async function* unpacked(file: DataFile, packed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  // The iteration below sees every error; pipeline only has to tear both ends down together.
  pipeline(Readable.from(packed, { objectMode: true, highWaterMark: 2 }), gunzip, () => undefined);
  try {
    for await (const chunk of gunzip) yield chunk as Buffer;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code?.startsWith('Z_') !== true) throw error;
    throw new InvalidInputError('damagedGzip', `${file.name} is damaged or incomplete gzip: ${message}.`);
  }
}
