import type { TenantId } from '../tenants/tenant.js';
import type { ImportEntity, MappedRow } from './import-entity.js';
import type { FileFormat } from './import-mapping.js';
import type { RowError, RowErrorCode } from './row-error.js';
import type { Stub } from './stub-collector.js';

/** Where a file comes from: the disk, or a body that is still arriving. */
export type ImportSource = AsyncIterable<Uint8Array> | { readonly path: string };

/** One record of a file, or why it could not be read. */
export interface SourceRecord {
  /** In the order of {@link OpenedFile.columns}; empty when there is a fault. */
  readonly values: readonly unknown[];
  /** The record as it stood in the file, possibly cut short; undefined in binary files. */
  readonly raw: string | undefined;
  readonly fault: RecordFault | undefined;
}

export interface RecordFault {
  readonly code: RowErrorCode;
  readonly message: string;
  readonly column?: string;
}

export interface OpenedFile {
  readonly columns: readonly string[];
  /** For files whose records name their own columns: those of the first records. */
  readonly seenColumns: readonly string[] | undefined;
  readonly batches: AsyncIterable<readonly SourceRecord[]>;
  close(): Promise<void>;
}

export interface ReadOptions {
  /** Columns that the mapping names. */
  readonly wanted: readonly string[];
  readonly refuseUnknown: boolean;
  readonly signal: AbortSignal | undefined;
}

/** Reads CSV, NDJSON and Parquet, gzip or not, in constant memory. */
export abstract class FileReader {
  abstract open(source: ImportSource, format: FileFormat, options: ReadOptions): Promise<OpenedFile>;
}

export interface StagingPlan {
  readonly entity: ImportEntity;
  /** Fields that the rows may fill; the others are left as they are stored. */
  readonly provided: readonly string[];
  /** Whether a null of a row clears what is stored, or says nothing. */
  readonly nullClears: boolean;
  readonly countsOccurrences: boolean;
  readonly stubs: readonly {
    readonly entity: 'products' | 'customers';
    readonly provided: readonly string[];
  }[];
}

/** Takes rows into the staging tables of the transaction; `drain` waits until the database has kept pace. */
export interface StagingSink {
  addRow(row: MappedRow, rowNumber: number): void;
  addStubs(entity: 'products' | 'customers', stubs: Iterable<Stub>): Promise<void>;
  drain(): Promise<void>;
}

export interface MergeCounts {
  readonly accepted: number;
  readonly alreadyKnown: number;
  /** Numbers of the rows about customers who were erased: they are not taken in again. */
  readonly erased: readonly number[];
}

export type ImportStatus = 'running' | 'succeeded' | 'failed';

export interface ImportReport {
  readonly importId: string;
  readonly entity: ImportEntity;
  readonly format: string;
  readonly source: string;
  readonly status: ImportStatus;
  readonly requestedBy: string;
  readonly read: number;
  readonly accepted: number;
  readonly alreadyKnown: number;
  readonly rejected: number;
  /** Below the state directory. */
  readonly rejectedFile: string | undefined;
  readonly error: string | undefined;
  readonly startedAt: Date;
  readonly finishedAt: Date | undefined;
}

export interface NewImport {
  readonly importId: string;
  readonly entity: ImportEntity;
  readonly format: string;
  readonly source: string;
  readonly mapping: unknown;
  readonly requestedBy: string;
}

export interface FilledStaging {
  readonly read: number;
  readonly rejected: number;
  readonly rejectedFile: string | undefined;
}

/** Rows on their way into a tenant's tables. */
/** An import holds a connection for as long as its file takes to arrive. */
export const IMPORTS_OF_A_TENANT = 2;
export const IMPORTS_OF_THE_FLEET = 12;

export abstract class ImportStore {
  /**
   * Whether another import of the tenant may begin now.
   * @throws NightshiftError `tooManyImports`
   */
  abstract checkRoom(tenantId: TenantId): Promise<void>;
  /** Records that an import runs, in a transaction of its own. */
  abstract begin(tenantId: TenantId, started: NewImport): Promise<void>;
  /**
   * Stages what `fill` adds, merges it and records the success, all in one transaction: either everything is there
   * afterwards, or nothing. Merges of one tenant wait for each other.
   */
  abstract load(
    tenantId: TenantId,
    importId: string,
    plan: StagingPlan,
    fill: (sink: StagingSink) => Promise<FilledStaging>,
  ): Promise<MergeCounts>;
  /** Records that an import came to nothing. */
  abstract fail(tenantId: TenantId, importId: string, error: string): Promise<void>;
  abstract find(tenantId: TenantId, importId: string): Promise<ImportReport | undefined>;
  abstract list(tenantId: TenantId, limit: number): Promise<readonly ImportReport[]>;
}

/** One line of the file of rejected rows. */
export interface RejectedRow {
  readonly row: number;
  readonly index: number;
  readonly errors: readonly RowError[];
  readonly raw: string;
}

export interface RejectedRowWriter {
  write(rejected: RejectedRow): void;
  drain(): Promise<void>;
  /** Makes the file durable; its path below the state directory, or undefined when nothing was rejected. */
  finish(): Promise<string | undefined>;
  discard(): Promise<void>;
}

export abstract class RejectedRowStore {
  abstract create(tenantId: TenantId, importId: string): RejectedRowWriter;
  /** The file as NDJSON, or undefined when there is none. */
  abstract open(tenantId: TenantId, importId: string): Promise<AsyncIterable<Uint8Array> | undefined>;
}

/** Mappings that ship with the product. */
export abstract class MappingCatalogue {
  abstract names(): Promise<readonly string[]>;
  /** The mapping's JSON, unchecked. */
  abstract find(name: string): Promise<unknown>;
}
