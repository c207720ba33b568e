import { open as openLmdb, type RootDatabase } from 'lmdb';
import { rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { NightshiftError, type ListFileHeader, type ListWriter, type PackedList } from '#libs/domain';
import { asStorageError } from '../artifacts/storage-errors.js';
import {
  CUSTOMER_FALLBACK_PREFIX,
  CUSTOMER_PREFIX,
  encodeKey,
  FALLBACK_PREFIX,
  HEADER_KEY,
  partKey,
  PROFILE_PREFIX,
} from './list-file-keys.js';
import { sealListFile } from './list-file-trailer.js';
import { encodeList } from './packed-list.js';
import { reserveLockFile } from './reserve-lock-file.js';
import { syncDirectory } from './sync-directory.js';
import { ValueSpool } from './value-spool.js';

export const FORMAT_VERSION = 1;
/** Dirty pages live in memory until their transaction commits; the cut depends on the content alone, so the file does too. */
const TRANSACTION_BYTES = 32 << 20;
/** Well below what the spool takes at once. */
const PIECE_BYTES = 512 << 10;

interface SpooledValue {
  readonly key: Buffer;
  readonly offset: number;
  readonly length: number;
}

/**
 * Lists come in any order; LMDB gets them in key order, each appended to the last page. That fills the pages, and makes the
 * file a function of its content: page size fixed, no clock, no random number, fresh pages zeroed (never `noMemInit`).
 */
export class LmdbListWriter implements ListWriter {
  private readonly values: SpooledValue[] = [];
  private readonly spool: ValueSpool;
  private readonly fallbacks = new Set<string>();
  private readonly wantedFallbacks = new Set<string>();
  private state: 'writing' | 'finished' | 'abandoned' = 'writing';

  constructor(
    private readonly path: string,
    /** In the same folder, so that the rename is atomic. */
    private readonly temporaryPath: string,
    private readonly header: ListFileHeader,
  ) {
    this.spool = new ValueSpool(`${temporaryPath}.spool`);
  }

  putCustomer(customerId: string, list: PackedList): void {
    this.putList(encodeKey(CUSTOMER_PREFIX, customerId), list);
  }

  putCustomerFallback(customerId: string, fallbackName: string): void {
    this.put(encodeKey(CUSTOMER_FALLBACK_PREFIX, customerId), Buffer.from(fallbackName, 'utf8'));
    this.wantedFallbacks.add(fallbackName);
  }

  putFallback(name: string, list: PackedList): void {
    this.putList(encodeKey(FALLBACK_PREFIX, name), list);
    this.fallbacks.add(name);
  }

  putProfile(customerId: string, profile: Uint8Array): void {
    this.put(encodeKey(PROFILE_PREFIX, customerId), asBuffer(profile));
  }

  putPart(name: string, part: Uint8Array): void {
    for (let piece = 0, start = 0; start < part.length; piece++, start += PIECE_BYTES) {
      this.put(Buffer.from(partKey(name, piece)), asBuffer(part.subarray(start, start + PIECE_BYTES)));
    }
  }

  async finish(): Promise<{ sha256: string; bytes: number }> {
    this.requireWriting();
    this.state = 'finished';
    try {
      this.requireFallbacks();
      this.sortValues();
      await reserveLockFile(this.temporaryPath);
      await this.writeDatabase();
      const sealed = await sealListFile(this.temporaryPath);
      await rename(this.temporaryPath, this.path);
      await syncDirectory(dirname(this.path));
      return sealed;
    } catch (error) {
      throw await asStorageError(error, 'list store', dirname(this.path));
    } finally {
      await this.removeTemporaryFiles();
    }
  }

  async abandon(): Promise<void> {
    if (this.state !== 'writing') return;
    this.state = 'abandoned';
    await this.removeTemporaryFiles();
  }

  private putList(key: Buffer, list: PackedList): void {
    this.put(key, encodeList(list, this.header.productIds.length));
  }

  private put(key: Buffer, value: Buffer): void {
    this.requireWriting();
    this.values.push({ key, offset: this.spool.append(value), length: value.length });
  }

  private requireFallbacks(): void {
    const missing = [...this.wantedFallbacks].find((name) => !this.fallbacks.has(name));
    if (missing === undefined) return;
    const name = JSON.stringify(missing);
    throw new NightshiftError(
      'internal',
      'invalidList',
      `Customers are sent to a fallback ${name} that is not there.`,
    );
  }

  private sortValues(): void {
    this.values.sort((a, b) => Buffer.compare(a.key, b.key));
    for (let i = 1; i < this.values.length; i++) {
      const { key } = this.values[i];
      if (!key.equals(this.values[i - 1].key)) continue;
      const id = JSON.stringify(key.toString('utf8', 1));
      throw new NightshiftError('internal', 'duplicateList', `Two lists were written for ${id}.`);
    }
  }

  private async writeDatabase(): Promise<void> {
    // One fsync at the end (sealing) instead of one for every transaction: nobody reads the file before.
    const database = openLmdb<Buffer, Buffer>(this.temporaryPath, {
      noSubdir: true,
      maxDbs: 0,
      pageSize: 4096,
      keyEncoding: 'binary',
      encoding: 'binary',
      noSync: true,
    });
    try {
      const header = Buffer.from(JSON.stringify({ formatVersion: FORMAT_VERSION, ...this.header }), 'utf8');
      database.transactionSync(() => database.putSync(Buffer.from(HEADER_KEY), header, { append: true }));
      for (let next = 0; next < this.values.length;) {
        next = this.writeTransaction(database, next);
        // Whoever runs this also renews leases and reports progress.
        await new Promise((resolve) => setImmediate(resolve));
      }
    } finally {
      await database.close();
    }
  }

  /** Returns the index after the last value written. */
  private writeTransaction(database: RootDatabase<Buffer, Buffer>, first: number): number {
    let next = first;
    database.transactionSync(() => {
      for (let bytes = 0; next < this.values.length && bytes < TRANSACTION_BYTES; next++) {
        const { key, offset, length } = this.values[next];
        database.putSync(key, this.spool.read(offset, length), { append: true });
        bytes += length;
      }
    });
    return next;
  }

  private requireWriting(): void {
    if (this.state === 'writing') return;
    throw new NightshiftError(
      'internal',
      'listWriterClosed',
      `The writer of ${this.path} has ${this.state} already.`,
    );
  }

  private async removeTemporaryFiles(): Promise<void> {
    this.spool.close();
    this.values.length = 0;
    for (const suffix of ['', '-lock', '.spool']) await rm(this.temporaryPath + suffix, { force: true });
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
