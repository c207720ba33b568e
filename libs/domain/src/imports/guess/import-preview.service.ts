import { ENTITY_FIELDS, type ImportEntity, type MappedValue } from '../import-entity.js';
import type { ImportMapping } from '../import-mapping.js';
import type { FileReader, SourceRecord } from '../import-ports.js';
import { checkColumns, checkSeenColumns, mappedColumns } from '../mapped-columns.js';
import { parseImportMapping } from '../parse-mapping.js';
import { RowErrorCollector, type RowError } from '../row-error.js';
import { RowMapper } from '../row-mapper.js';
import { guessFormat, guessMapping } from './guess-mapping.js';

export interface PreviewedRow {
  /** Counted from 1, without the header. */
  readonly row: number;
  /** As they stand in the file, by column. */
  readonly values: Readonly<Record<string, string>>;
  /** What they become, moments in ISO 8601; undefined for a row that would be rejected. */
  readonly record: Readonly<Record<string, MappedValue>> | undefined;
  readonly errors: readonly RowError[];
}

export interface ImportPreview {
  readonly columns: readonly string[];
  readonly mapping: ImportMapping;
  readonly rows: readonly PreviewedRow[];
  /** Of the whole sample. */
  readonly read: number;
  readonly rejected: number;
}

export interface PreviewRequest {
  /** The beginning of a file: whole lines. */
  readonly sample: string;
  /** Undefined: guessed. */
  readonly mapping: unknown;
  /** Undefined: guessed; counts only where the mapping is guessed as well. */
  readonly entity: ImportEntity | undefined;
}

const MOST_ROWS = 1_000;
const LONGEST_VALUE = 200;

/** What a file would become, by the code that imports it; nothing is stored. */
export class ImportPreviewService {
  constructor(
    private readonly files: FileReader,
    private readonly now: () => Date = () => new Date(),
  ) {}

  /** @throws InvalidInputError `invalidMapping`, `unknownColumn` and what else refuses a file as a whole */
  async preview(
    { sample, mapping, entity }: PreviewRequest,
    timeZone: string,
    count: number,
  ): Promise<ImportPreview> {
    const chosen =
      mapping === undefined ? await this.guess(sample, timeZone, entity) : parseImportMapping(mapping);
    const { columns, seenColumns, records } = await this.read(sample, chosen);
    if (seenColumns === undefined) checkColumns(chosen, columns);
    else if (seenColumns.length > 0) checkSeenColumns(chosen, seenColumns);
    const mapper = new RowMapper(chosen, columns, this.now().getTime());
    const rows = records.map((record, index) => mapped(mapper, chosen.entity, columns, record, index + 1));
    const rejected = rows.filter(({ errors }) => errors.length > 0);
    return {
      ...{ columns, mapping: chosen, read: rows.length, rejected: rejected.length },
      // What is wrong is what somebody looks for: those rows first, then good ones.
      rows: [...rejected.slice(0, count), ...rows.filter(({ errors }) => errors.length === 0)].slice(
        0,
        2 * count,
      ),
    };
  }

  private async guess(sample: string, timeZone: string, entity?: ImportEntity): Promise<ImportMapping> {
    const format = guessFormat(sample);
    const columns = format.type === 'ndjson' ? keysOf(sample) : undefined;
    const draft: ImportMapping = { entity: 'products', format, fields: {} };
    const file = await this.read(sample, draft, columns);
    const valuesOf = (column: string) => {
      const at = file.columns.indexOf(column);
      return file.records.map(({ values }) => textOf(values[at]).trim()).filter((text) => text !== '');
    };
    return guessMapping({ format, columns: file.columns, valuesOf }, timeZone, entity);
  }

  private async read(sample: string, mapping: ImportMapping, columns?: readonly string[]) {
    const wanted = columns ?? mappedColumns(mapping).map(({ column }) => column);
    const source = (async function* () {
      await Promise.resolve();
      yield Buffer.from(sample, 'utf8');
    })();
    const file = await this.files.open(source, mapping.format, {
      ...{ wanted, refuseUnknown: false, signal: undefined },
    });
    const records: SourceRecord[] = [];
    try {
      for await (const batch of file.batches) {
        records.push(...batch);
        if (records.length >= MOST_ROWS) break;
      }
    } finally {
      await file.close();
    }
    return { columns: file.columns, seenColumns: file.seenColumns, records: records.slice(0, MOST_ROWS) };
  }
}

function mapped(
  mapper: RowMapper,
  entity: ImportEntity,
  columns: readonly string[],
  { values, fault }: SourceRecord,
  row: number,
): PreviewedRow {
  const errors = new RowErrorCollector();
  errors.start(row);
  if (fault !== undefined) errors.add(fault.code, fault.message, undefined, fault.column);
  const isGood = fault === undefined && mapper.map(values, errors);
  const fields = ENTITY_FIELDS[entity].map(({ name, kind }, index) => {
    const value = mapper.row[index] ?? null;
    const isMoment = kind === 'timestamp' && typeof value === 'number';
    return [name, isMoment ? new Date(value).toISOString() : value] as const;
  });
  return {
    row,
    values: Object.fromEntries(
      columns.map((column, at) => [column, textOf(values[at]).slice(0, LONGEST_VALUE)]),
    ),
    record: isGood ? Object.fromEntries(fields.filter(([, value]) => value !== null)) : undefined,
    errors: [...errors.take()],
  };
}

function keysOf(sample: string): string[] {
  const keys = new Set<string>();
  for (const line of sample.split(/\r?\n/).slice(0, MOST_ROWS)) {
    try {
      Object.keys(JSON.parse(line) as object).forEach((key) => keys.add(key));
    } catch {
      // Is named when the rows are read.
    }
  }
  return [...keys];
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value as string | number | boolean);
}
