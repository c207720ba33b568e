import { ENTITY_FIELDS, type ImportEntity } from './import-entity.js';
import type { OpenedFile, SourceRecord } from './import-ports.js';
import type { FieldMapping, ImportMapping } from './import-mapping.js';

const BATCH = 2000;

/** The mapping of rows that have the schema's own shape. */
export function recordMapping(entity: ImportEntity): ImportMapping {
  const fields: Record<string, FieldMapping> = {};
  for (const { name } of ENTITY_FIELDS[entity]) fields[name] = { column: name, trim: false };
  return { entity, format: { type: 'ndjson' }, fields };
}

/** Typed records in the place of a file, so that they are checked, staged and merged like one. */
export function openRecords(
  entity: ImportEntity,
  records: Iterable<object> | AsyncIterable<object>,
): OpenedFile {
  const columns = ENTITY_FIELDS[entity].map((field) => field.name);
  return {
    columns,
    seenColumns: undefined,
    batches: batchesOf(columns, records),
    close: () => Promise.resolve(),
  };
}

async function* batchesOf(
  columns: readonly string[],
  records: Iterable<object> | AsyncIterable<object>,
): AsyncGenerator<readonly SourceRecord[]> {
  const batch: SourceRecord[] = [];
  // `for await` over a plain iterable would wait a turn for every record.
  if (Symbol.iterator in records) {
    for (const record of records) {
      batch.push(toSource(columns, record));
      if (batch.length === BATCH) yield batch.splice(0);
    }
  } else {
    for await (const record of records) {
      batch.push(toSource(columns, record));
      if (batch.length === BATCH) yield batch.splice(0);
    }
  }
  yield batch;
}

function toSource(columns: readonly string[], record: object): SourceRecord {
  const values = columns.map((column) => (record as Record<string, unknown>)[column]);
  return { values, raw: undefined, fault: undefined };
}
