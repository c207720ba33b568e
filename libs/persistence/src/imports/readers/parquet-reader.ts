import { open, type FileHandle } from 'node:fs/promises';
import {
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
  type AsyncBuffer,
  type Compressors,
  type FileMetaData,
  type RowGroup,
} from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { InvalidInputError, NightshiftError, type OpenedFile, type SourceRecord } from '#libs/domain';

const BATCH = 2000;
/** A row group is the smallest piece that can be read: this bounds memory. Unpacked bytes of the mapped columns. */
const LARGEST_ROW_GROUP = 512 * 1024 * 1024;
const LARGEST_PAGE = 256 * 1024 * 1024;

/** Opens a Parquet file from disk; `done` is called when nobody reads it any more. */
export async function openParquet(
  path: string,
  wanted: readonly string[],
  done: () => Promise<void>,
): Promise<OpenedFile> {
  const handle = await open(path, 'r');
  const close = async () => {
    await handle.close();
    await done();
  };
  try {
    const file = await asyncBuffer(handle);
    const metadata = await guarded(() => parquetMetadataAsync(file));
    const columns = parquetSchema(metadata).children.map((child) => child.element.name);
    if (metadata.num_rows === 0n) throw new InvalidInputError('emptyFile', 'The file has no rows.');
    return { columns, seenColumns: undefined, batches: rowGroups(file, metadata, columns, wanted), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function* rowGroups(
  file: AsyncBuffer,
  metadata: FileMetaData,
  columns: readonly string[],
  wanted: readonly string[],
): AsyncGenerator<readonly SourceRecord[]> {
  const read = columns.filter((column) => wanted.includes(column));
  let rowStart = 0;
  for (const group of metadata.row_groups) {
    refuseLargeGroup(group, new Set(read));
    const rowEnd = rowStart + Number(group.num_rows);
    const options = { file, metadata, columns: read, rowStart, rowEnd, compressors: boundedCompressors };
    const rows = await guarded(() => parquetReadObjects(options));
    for (let start = 0; start < rows.length; start += BATCH) {
      yield rows.slice(start, start + BATCH).map((row) => ({
        values: columns.map((column) => row[column] as unknown),
        raw: undefined,
        fault: undefined,
      }));
    }
    rowStart = rowEnd;
  }
}

function refuseLargeGroup(group: RowGroup, read: ReadonlySet<string>): void {
  let bytes = 0;
  for (const { meta_data: meta } of group.columns) {
    if (meta !== undefined && read.has(meta.path_in_schema[0] ?? ''))
      bytes += Number(meta.total_uncompressed_size);
  }
  if (bytes <= LARGEST_ROW_GROUP) return;
  throw new NightshiftError(
    'too-large',
    'rowGroupTooLarge',
    `A row group unpacks to ${bytes} bytes, at most ${LARGEST_ROW_GROUP} are read at once: write the file with smaller row groups.`,
  );
}

// A page says itself how large it will be: believe it only up to a limit.
const boundedCompressors: Compressors = Object.fromEntries(
  Object.entries(compressors).map(([codec, unpack]) => [
    codec,
    (input: Uint8Array, outputLength: number) => {
      if (outputLength > LARGEST_PAGE)
        throw new NightshiftError('too-large', 'pageTooLarge', `A page unpacks to ${outputLength} bytes.`);
      return unpack(input, outputLength);
    },
  ]),
);

async function asyncBuffer(handle: FileHandle): Promise<AsyncBuffer> {
  const { size } = await handle.stat();
  return {
    byteLength: size,
    async slice(start, end = size) {
      const length = Math.max(0, Math.min(end, size) - start);
      const bytes = new Uint8Array(length);
      await handle.read(bytes, 0, length, start);
      return bytes.buffer;
    },
  };
}

async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof NightshiftError) throw error;
    throw new InvalidInputError(
      'damagedParquet',
      `The Parquet file cannot be read: ${(error as Error).message.slice(0, 300)}`,
    );
  }
}
