import * as lmdb from 'lmdb';
import { stat } from 'node:fs/promises';
import {
  NightshiftError,
  type ListFileHeader,
  type ListReader,
  type PackedList,
  type RankedListEntry,
} from '#libs/domain';
import { ListFileCorruptError } from './list-file-errors.js';
import { identityOf } from './list-file-identity.js';
import {
  CUSTOMER_FALLBACK_PREFIX,
  CUSTOMER_PREFIX,
  FALLBACK_PREFIX,
  HEADER_KEY,
  LOOKUP_KEY_ENCODER,
  MAXIMUM_ID_LENGTH,
  partKey,
  PROFILE_PREFIX,
} from './list-file-keys.js';
import { FORMAT_VERSION } from './lmdb-list-writer.js';
import { decodeColumns, decodeList } from './packed-list.js';

/** Two things that the library has at run time and its types leave out. */
type LookupDatabase = lmdb.RootDatabase<Buffer, string> & { lastSize: number };
const { allDbs } = lmdb as unknown as { allDbs: Map<string, unknown> };

const MAXIMUM_FALLBACK_LENGTH = MAXIMUM_ID_LENGTH + 20;

/** What is opened, and as what it was checked. */
export interface CheckedListFile {
  readonly path: string;
  readonly listFile: string;
  readonly identity: string;
  /** Called when it turns out not to be sound after all. */
  readonly onCorrupt: () => void;
}

/** Look-ups are synchronous: the file is mapped into memory, and a list of ten costs microseconds. */
export class LmdbListReader implements ListReader {
  private closed = false;

  private constructor(
    readonly header: ListFileHeader,
    private readonly database: LookupDatabase,
    private readonly file: CheckedListFile,
  ) {}

  /** @throws ListFileCorruptError */
  static open(file: CheckedListFile): LmdbListReader {
    const { path, listFile } = file;
    let database: LookupDatabase | undefined;
    try {
      database = lmdb.open<Buffer, string>(path, {
        noSubdir: true,
        readOnly: true,
        maxDbs: 0,
        encoding: 'binary',
        keyEncoder: LOOKUP_KEY_ENCODER,
      }) as LookupDatabase;
      return new LmdbListReader(parseHeader(database.getBinary(HEADER_KEY), listFile), database, file);
    } catch (error) {
      if (database !== undefined) void closeDatabase(database);
      if (error instanceof ListFileCorruptError) throw error;
      throw new ListFileCorruptError(listFile, 'LMDB does not open it', error);
    }
  }

  customerList(customerId: string, count: number, hidden?: Uint8Array): RankedListEntry[] | undefined {
    return customerId.length > MAXIMUM_ID_LENGTH
      ? undefined
      : this.lookUp(CUSTOMER_PREFIX + customerId, count, hidden);
  }

  fallbackList(name: string, count: number, hidden?: Uint8Array): RankedListEntry[] | undefined {
    return name.length > MAXIMUM_FALLBACK_LENGTH
      ? undefined
      : this.lookUp(FALLBACK_PREFIX + name, count, hidden);
  }

  customerColumns(customerId: string): PackedList | undefined {
    return customerId.length > MAXIMUM_ID_LENGTH ? undefined : this.columns(CUSTOMER_PREFIX + customerId);
  }

  fallbackColumns(name: string): PackedList | undefined {
    return name.length > MAXIMUM_FALLBACK_LENGTH ? undefined : this.columns(FALLBACK_PREFIX + name);
  }

  profile(customerId: string): Uint8Array<ArrayBuffer> | undefined {
    if (customerId.length > MAXIMUM_ID_LENGTH) return undefined;
    const bytes = this.read(PROFILE_PREFIX + customerId);
    return bytes && Uint8Array.from(bytes.subarray(0, this.database.lastSize));
  }

  part(name: string): Uint8Array<SharedArrayBuffer> | undefined {
    const pieces: Uint8Array[] = [];
    for (;;) {
      const bytes = this.read(partKey(name, pieces.length));
      if (bytes === undefined) break;
      pieces.push(Uint8Array.from(bytes.subarray(0, this.database.lastSize)));
    }
    if (pieces.length === 0) return undefined;
    const whole = new Uint8Array(new SharedArrayBuffer(pieces.reduce((sum, piece) => sum + piece.length, 0)));
    pieces.reduce((at, piece) => (whole.set(piece, at), at + piece.length), 0);
    return whole;
  }

  sampleCustomers(count: number): string[] {
    // The library writes into the options that it gets.
    const range = () => ({ start: CUSTOMER_PREFIX, end: CUSTOMER_FALLBACK_PREFIX });
    const step = Math.max(1, Math.floor(this.database.getKeysCount(range()) / count));
    const customers: string[] = [];
    let index = 0;
    for (const key of this.database.getKeys(range())) {
      if (index++ % step === 0 && customers.push(key.slice(1)) === count) break;
    }
    return customers;
  }

  fallbackOf(customerId: string): string | undefined {
    if (customerId.length > MAXIMUM_ID_LENGTH) return undefined;
    return this.read(CUSTOMER_FALLBACK_PREFIX + customerId)?.toString('utf8', 0, this.database.lastSize);
  }

  /** A file that was removed is intact: its pages stay for as long as it is mapped. */
  async isIntact(): Promise<boolean> {
    const found = await stat(this.file.path).catch(() => undefined);
    return found === undefined || identityOf(found) === this.file.identity;
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await closeDatabase(this.database);
  }

  private columns(key: string): PackedList | undefined {
    const bytes = this.read(key);
    if (bytes === undefined) return undefined;
    const list = decodeColumns(bytes, this.database.lastSize, this.header.productIds.length);
    return list ?? this.corrupt('a list in it does not fit its products');
  }

  private lookUp(key: string, count: number, hidden?: Uint8Array): RankedListEntry[] | undefined {
    const bytes = this.read(key);
    if (bytes === undefined) return undefined;
    const entries = decodeList(bytes, this.database.lastSize, count, this.header.productIds, hidden);
    return entries ?? this.corrupt('a list in it does not fit its products');
  }

  /** The library's own buffer, longer than the value and good until the next look-up. */
  private read(key: string): Buffer | undefined {
    const { listFile } = this.file;
    // LMDB would read unmapped memory.
    if (this.closed)
      throw new NightshiftError('internal', 'listReaderClosed', `${listFile} has been closed.`);
    try {
      return this.database.getBinaryFast(key);
    } catch (error) {
      return this.corrupt('LMDB does not find its way in it', error);
    }
  }

  private corrupt(what: string, cause?: unknown): never {
    this.file.onCorrupt();
    throw new ListFileCorruptError(this.file.listFile, what, cause);
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

export async function closeDatabase(database: { close(): Promise<void> }): Promise<void> {
  // The library remembers every database that it ever opened, by name: with a new file each night that would be a leak.
  for (const [name, known] of allDbs) if (known === database) allDbs.delete(name);
  await database.close();
}
