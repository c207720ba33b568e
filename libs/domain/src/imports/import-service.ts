import { randomUUID } from 'node:crypto';
import { InvalidInputError, NightshiftError, NotFoundError } from '../errors/nightshift-error.js';
import type { Tenant } from '../tenants/tenant.js';
import type { ImportEntity } from './import-entity.js';
import type {
  FileReader,
  ImportReport,
  ImportSource,
  ImportStore,
  OpenedFile,
  RejectedRowStore,
  StagingPlan,
} from './import-ports.js';
import type { ImportMapping } from './import-mapping.js';
import type { EntityRecords } from './import-records.js';
import { ImportTally } from './import-tally.js';
import type { InteractionCounts } from './interaction-rules.js';
import { checkColumns, checkSeenColumns, mappedColumns } from './mapped-columns.js';
import { parseImportMapping } from './parse-mapping.js';
import { openRecords, recordMapping } from './record-source.js';
import type { RowError } from './row-error.js';
import { RowMapper } from './row-mapper.js';
import { stageRows } from './stage-rows.js';

export interface ImportRequest {
  readonly tenant: Tenant;
  readonly mapping: ImportMapping;
  readonly source: ImportSource;
  /** For the record: a file's name, or where it came from. */
  readonly sourceName: string;
  readonly requestedBy: string;
  readonly signal?: AbortSignal;
}

export interface ImportResult {
  readonly importId: string;
  readonly entity: ImportEntity;
  readonly read: number;
  readonly accepted: number;
  /** Rows that were there already, or stood twice in the file. */
  readonly alreadyKnown: number;
  readonly rejected: number;
  /** The errors of the first 1,000 rejected rows. */
  readonly rejections: readonly RowError[];
  /** Below the state directory: every rejected row with its errors, as NDJSON. */
  readonly rejectedFile: string | undefined;
  readonly seconds: number;
  readonly counts: Readonly<InteractionCounts>;
}

interface Job {
  readonly tenant: Tenant;
  readonly mapping: ImportMapping;
  readonly format: string;
  readonly sourceName: string;
  readonly requestedBy: string;
  readonly signal: AbortSignal | undefined;
  /** Whether an empty cell clears what is stored. */
  readonly nullClears: boolean;
  readonly open: () => Promise<OpenedFile>;
}

/** Brings files and records into a tenant's tables: every good row lands, every bad row is named, twice counts once. */
export class ImportService {
  constructor(
    private readonly files: FileReader,
    private readonly store: ImportStore,
    private readonly rejectedRows: RejectedRowStore,
    private readonly now: () => Date = () => new Date(),
  ) {}

  async import(request: ImportRequest): Promise<ImportResult> {
    const mapping = parseImportMapping(request.mapping);
    const wanted = mappedColumns(mapping).map(({ column }) => column);
    const refuseUnknown = mapping.unknownColumns === 'reject';
    return this.run({
      ...request,
      mapping,
      format: mapping.format.type,
      signal: request.signal,
      nullClears: true,
      open: () =>
        this.files.open(request.source, mapping.format, { wanted, refuseUnknown, signal: request.signal }),
    });
  }

  /** The same path for rows that are typed already; an absent field leaves what is stored untouched. */
  async importRecords<E extends ImportEntity>(
    tenant: Tenant,
    entity: E,
    records: Iterable<EntityRecords[E]> | AsyncIterable<EntityRecords[E]>,
    options: {
      readonly sourceName?: string;
      readonly requestedBy?: string;
      readonly signal?: AbortSignal;
    } = {},
  ): Promise<ImportResult> {
    return this.run({
      tenant,
      mapping: recordMapping(entity),
      format: 'records',
      sourceName: options.sourceName ?? 'records',
      requestedBy: options.requestedBy ?? 'system',
      signal: options.signal,
      nullClears: false,
      open: () => Promise.resolve(openRecords(entity, records as Iterable<object> | AsyncIterable<object>)),
    });
  }

  async get(tenant: Tenant, importId: string): Promise<ImportReport> {
    const report = isUuid(importId) ? await this.store.find(tenant.id, importId) : undefined;
    if (report === undefined) throw new NotFoundError('import', importId);
    return report;
  }

  /** The newest imports first. */
  async list(tenant: Tenant, limit = 50): Promise<readonly ImportReport[]> {
    return this.store.list(tenant.id, limit);
  }

  async openRejected(tenant: Tenant, importId: string): Promise<AsyncIterable<Uint8Array>> {
    const report = await this.get(tenant, importId);
    const file =
      report.rejectedFile === undefined ? undefined : await this.rejectedRows.open(tenant.id, importId);
    if (file === undefined) throw new NotFoundError('file of rejected rows for import', importId);
    return file;
  }

  private async run(job: Job): Promise<ImportResult> {
    const startedMs = performance.now();
    const importId = randomUUID();
    const { tenant, mapping, format, sourceName: source, requestedBy } = job;
    // Before anything is recorded: what has to wait has not failed.
    await this.store.checkRoom(tenant.id);
    await this.store.begin(tenant.id, {
      importId,
      entity: mapping.entity,
      format,
      source,
      mapping,
      requestedBy,
    });
    try {
      const result = await this.load(job, importId);
      return { ...result, importId, entity: mapping.entity, seconds: (performance.now() - startedMs) / 1000 };
    } catch (error) {
      // The database may be what failed: the caller needs the first error, not this one.
      await this.store.fail(tenant.id, importId, failureText(error)).catch(() => undefined);
      throw error;
    }
  }

  private async load(
    job: Job,
    importId: string,
  ): Promise<Omit<ImportResult, 'importId' | 'entity' | 'seconds'>> {
    const file = await job.open();
    const tally = new ImportTally();
    const writer = this.rejectedRows.create(job.tenant.id, importId);
    try {
      const mapper = this.compile(job.mapping, file);
      const merged = await this.store.load(
        job.tenant.id,
        importId,
        stagingPlan(job, mapper),
        async (sink) => {
          await stageRows({ file, mapper, sink, writer, tally, signal: job.signal });
          if (tally.read === 0 && job.format !== 'records')
            throw new InvalidInputError('emptyFile', 'The file has no rows.');
          return { read: tally.read, rejected: tally.rejected, rejectedFile: await writer.finish() };
        },
      );
      const rejectedFile = await writer.finish();
      // Not written to the file of rejected rows: it would keep the id.
      for (const row of merged.erased) tally.reject([erasedCustomer(row)]);
      return {
        read: tally.read,
        accepted: merged.accepted,
        alreadyKnown: merged.alreadyKnown,
        rejected: tally.rejected,
        rejections: tally.rejections,
        rejectedFile,
        counts: mapper.counts,
      };
    } catch (error) {
      await writer.discard();
      throw error;
    } finally {
      await file.close();
    }
  }

  private compile(mapping: ImportMapping, file: OpenedFile): RowMapper {
    if (file.seenColumns === undefined) checkColumns(mapping, file.columns);
    else if (file.seenColumns.length > 0) checkSeenColumns(mapping, file.seenColumns);
    return new RowMapper(mapping, file.columns, this.now().getTime());
  }
}

function stagingPlan(job: Job, mapper: RowMapper): StagingPlan {
  return {
    entity: job.mapping.entity,
    provided: mapper.provided,
    nullClears: job.nullClears,
    countsOccurrences: mapper.countsOccurrences,
    stubs: mapper.stubs.map(({ entity, provided }) => ({ entity, provided })),
  };
}

const erasedCustomer = (row: number): RowError => ({
  ...{ row, index: row - 1, field: 'customerId', code: 'customerErased' },
  message: 'is a customer who was erased, and is not taken in again',
});

// Of an unexpected error only the fact is recorded: its text may hold another system's secrets.
const failureText = (error: unknown): string =>
  error instanceof NightshiftError
    ? `${error.code}: ${error.message}`.slice(0, 2000)
    : 'internal: The import failed unexpectedly.';

const isUuid = (text: string): boolean => /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
