import { createReadStream } from 'node:fs';
import { Readable, pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { InvalidInputError, NightshiftError, type ImportSource } from '#libs/domain';

const CHUNK_BYTES = 256 * 1024;
const MAGIC_BYTES = 4;
/** Far beyond any tenant's file; an unpacked bomb stops here. */
const MOST_BYTES = 64 * 1024 ** 3;

export interface ByteSource {
  /** First bytes of the unpacked file: enough to recognise its kind. */
  readonly magic: Buffer;
  /** Whether the file on disk is a gzip of what `chunks` delivers. */
  readonly packed: boolean;
  readonly chunks: AsyncIterable<Buffer>;
  readonly close: () => Promise<void>;
}

/** Opens a file or a body, unpacked if it is gzip, without ever holding more than a few chunks of it. */
export async function openBytes(source: ImportSource, signal?: AbortSignal): Promise<ByteSource> {
  const packed = await peek(rawChunks(source, signal));
  if (packed.magic[0] !== 0x1f || packed.magic[1] !== 0x8b) return packed;
  try {
    const unpacked = await peek(gunzipped(packed.chunks));
    return { ...unpacked, packed: true, close: () => unpacked.close().finally(packed.close) };
  } catch (error) {
    await packed.close();
    throw error;
  }
}

async function* rawChunks(source: ImportSource, signal: AbortSignal | undefined): AsyncGenerator<Buffer> {
  const chunks = 'path' in source ? createReadStream(source.path, { highWaterMark: CHUNK_BYTES }) : source;
  let bytes = 0;
  try {
    for await (const chunk of chunks) {
      signal?.throwIfAborted();
      const buffer = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk as Uint8Array);
      bytes += buffer.length;
      yield buffer;
    }
  } catch (error) {
    signal?.throwIfAborted();
    throw sourceError(error, bytes);
  }
}

async function* gunzipped(packed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  // The iteration below sees every error; pipeline only has to tear both ends down together.
  pipeline(Readable.from(packed, { objectMode: true, highWaterMark: 2 }), gunzip, () => undefined);
  let bytes = 0;
  try {
    for await (const chunk of gunzip) {
      bytes += (chunk as Buffer).length;
      if (bytes > MOST_BYTES)
        throw new NightshiftError(
          'too-large',
          'fileTooLarge',
          `The unpacked file is larger than ${MOST_BYTES} bytes.`,
        );
      yield chunk as Buffer;
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code?.startsWith('Z_') === true) {
      throw new InvalidInputError('damagedGzip', `The gzip file is damaged or incomplete: ${message}.`);
    }
    throw error;
  }
}

/** Reads as far as the first bytes and gives them back with the rest. */
async function peek(chunks: AsyncGenerator<Buffer>): Promise<ByteSource> {
  let head: Buffer = Buffer.alloc(0);
  while (head.length < MAGIC_BYTES) {
    const { value, done } = await chunks.next();
    if (done === true) break;
    head = head.length === 0 ? value : Buffer.concat([head, value]);
  }
  const close = async () => {
    await chunks.return(undefined).catch(() => undefined);
  };
  return { magic: head.subarray(0, MAGIC_BYTES), packed: false, chunks: rejoin(head, chunks), close };
}

async function* rejoin(head: Buffer, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  if (head.length > 0) yield head;
  yield* rest;
}

function sourceError(error: unknown, bytes: number): unknown {
  if (error instanceof NightshiftError) return error;
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT' || code === 'EISDIR' || code === 'EACCES') {
    return new InvalidInputError('fileNotReadable', `The file cannot be read (${code}).`);
  }
  return new InvalidInputError(
    'incompleteFile',
    `The file broke off after ${bytes} bytes; nothing of it was kept. Send it again.`,
  );
}
