import * as lmdb from 'lmdb';
import { NightshiftError, type ListFileHeader, type ListReader, type RankedListEntry } from '#libs/domain';
import { ListFileCorruptError } from './list-file-errors.js';
import {
  CUSTOMER_PREFIX,
  FALLBACK_PREFIX,
  HEADER_KEY,
  LOOKUP_KEY_ENCODER,
  MAXIMUM_ID_LENGTH,
} from './list-file-keys.js';
import { FORMAT_VERSION } from './lmdb-list-writer.js';
import { decodeList } from './packed-list.js';

/** Two things that the library has at run time and its types leave out. */
type LookupDatabase = lmdb.RootDatabase<Buffer, string> & { lastSize: number };
const { allDbs } = lmdb as unknown as { allDbs: Map<string, unknown> };

/** Look-ups are synchronous: the file is mapped into memory, and a list of ten costs microseconds. */
export class LmdbListReader implements ListReader {
  private closed = false;

  private constructor(
    readonly header: ListFileHeader,
    private readonly database: LookupDatabase,
    private readonly listFile: string,
  ) {}

  /** @throws ListFileCorruptError */
  static open(path: string, listFile: string): LmdbListReader {
    let database: LookupDatabase | undefined;
    try {
      database = lmdb.open<Buffer, string>(path, {
        noSubdir: true,
        readOnly: true,
        maxDbs: 0,
        encoding: 'binary',
        keyEncoder: LOOKUP_KEY_ENCODER,
      }) as LookupDatabase;
      return new LmdbListReader(parseHeader(database.getBinary(HEADER_KEY), listFile), database, listFile);
    } catch (error) {
      if (database !== undefined) void closeDatabase(database);
      if (error instanceof ListFileCorruptError) throw error;
      throw new ListFileCorruptError(listFile, 'LMDB does not open it', error);
    }
  }

  customerList(customerId: string, count: number): RankedListEntry[] | undefined {
    return customerId.length > MAXIMUM_ID_LENGTH
      ? undefined
      : this.lookUp(CUSTOMER_PREFIX + customerId, count);
  }

  fallbackList(name: string, count: number): RankedListEntry[] | undefined {
    return name.length > MAXIMUM_ID_LENGTH + 20 ? undefined : this.lookUp(FALLBACK_PREFIX + name, count);
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await closeDatabase(this.database);
  }

  private lookUp(key: string, count: number): RankedListEntry[] | undefined {
    // LMDB would read unmapped memory.
    if (this.closed)
      throw new NightshiftError('internal', 'listReaderClosed', `${this.listFile} has been closed.`);
    const bytes = this.database.getBinaryFast(key);
    if (bytes === undefined) return undefined;
    const entries = decodeList(bytes, this.database.lastSize, count, this.header.productIds);
    if (entries === undefined)
      throw new ListFileCorruptError(this.listFile, 'a list in it does not fit its products');
    return entries;
  }
}

function parseHeader(bytes: Buffer | undefined, listFile: string): ListFileHeader {
  if (bytes === undefined) throw new ListFileCorruptError(listFile, 'it has no header');
  const { formatVersion, ...header } = JSON.parse(bytes.toString('utf8')) as ListFileHeader & {
    formatVersion: number;
  };
  if (formatVersion !== FORMAT_VERSION) {
    throw new ListFileCorruptError(
      listFile,
      `its format is ${formatVersion}, and this program reads ${FORMAT_VERSION}`,
    );
  }
  return header;
}

async function closeDatabase(database: LookupDatabase): Promise<void> {
  // The library remembers every database that it ever opened, by name: with a new file each night that would be a leak.
  for (const [name, known] of allDbs) if (known === database) allDbs.delete(name);
  await database.close();
}
