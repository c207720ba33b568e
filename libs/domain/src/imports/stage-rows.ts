import type { OpenedFile, RejectedRowWriter, SourceRecord, StagingSink } from './import-ports.js';
import type { ImportTally } from './import-tally.js';
import { RowErrorCollector } from './row-error.js';
import type { RowMapper } from './row-mapper.js';

// Products and customers collected before they are handed on: bounds memory for files with millions of them.
const MOST_STUBS = 50_000;
const LONGEST_RAW = 64 * 1024;

export interface Staging {
  readonly file: OpenedFile;
  readonly mapper: RowMapper;
  readonly sink: StagingSink;
  readonly writer: RejectedRowWriter;
  readonly tally: ImportTally;
  readonly signal: AbortSignal | undefined;
}

/** Maps a whole file into the staging tables, batch by batch, no faster than the database takes it. */
export async function stageRows(staging: Staging): Promise<void> {
  const { file, mapper, sink, writer, signal } = staging;
  const errors = new RowErrorCollector();
  for await (const batch of file.batches) {
    signal?.throwIfAborted();
    for (const record of batch) stageRecord(record, staging, errors);
    staging.tally.checkWorthwhile();
    await sink.drain();
    await writer.drain();
    for (const stub of mapper.stubs) {
      if (stub.size >= MOST_STUBS) await sink.addStubs(stub.entity, stub.drain());
    }
  }
  for (const stub of mapper.stubs) {
    if (stub.size > 0) await sink.addStubs(stub.entity, stub.drain());
  }
}

function stageRecord(
  record: SourceRecord,
  { file, mapper, sink, writer, tally }: Staging,
  errors: RowErrorCollector,
): void {
  tally.read += 1;
  errors.start(tally.read);
  if (record.fault === undefined) {
    if (mapper.map(record.values, errors)) {
      sink.addRow(mapper.row, tally.read);
      return;
    }
  } else {
    errors.add(record.fault.code, record.fault.message, undefined, record.fault.column);
  }
  const found = errors.take();
  tally.reject(found);
  const raw = (record.raw ?? rawOf(file.columns, record.values)).slice(0, LONGEST_RAW);
  writer.write({ row: tally.read, index: tally.read - 1, errors: found, raw });
}

/** Binary files have no text of their own: the record as JSON stands for it. */
function rawOf(columns: readonly string[], values: readonly unknown[]): string {
  const entries = columns.map((column, index) => [column, values[index]] as const);
  return JSON.stringify(Object.fromEntries(entries), (_, value: unknown) =>
    typeof value === 'bigint' ? String(value) : value,
  );
}
