import { InvalidInputError, type CsvFormat, type OpenedFile, type SourceRecord } from '#libs/domain';
import type { ByteSource } from './byte-source.js';
import { CsvScanner, type ScannedRecord } from './csv-scanner.js';
import { textChunks } from './text-chunks.js';

/** Opens a CSV file: the header is read, the rows wait. */
export async function openCsv(bytes: ByteSource, format: CsvFormat): Promise<OpenedFile> {
  const scanned = scannedBatches(bytes, format);
  const close = async () => {
    await scanned.return(undefined);
    await bytes.close();
  };
  try {
    const first = await firstBatch(scanned);
    const columns = format.header === false ? (format.columns ?? []) : headerOf(first.shift());
    refuseDuplicates(columns);
    return {
      columns,
      seenColumns: undefined,
      batches: checkedBatches(first, scanned, columns.length),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function* scannedBatches(bytes: ByteSource, format: CsvFormat): AsyncGenerator<ScannedRecord[]> {
  const scanner = new CsvScanner(format.delimiter ?? ',', format.quote === undefined ? '"' : format.quote);
  for await (const text of textChunks(bytes, format.encoding ?? 'utf-8')) yield scanner.feed(text);
  yield scanner.feed('', true);
}

async function firstBatch(batches: AsyncGenerator<ScannedRecord[]>): Promise<ScannedRecord[]> {
  for (;;) {
    const { value, done } = await batches.next();
    if (done === true) throw new InvalidInputError('emptyFile', 'The file is empty.');
    if (value.length > 0) return value;
  }
}

function headerOf(record: ScannedRecord | undefined): readonly string[] {
  if (record === undefined || record.fault !== undefined) {
    throw new InvalidInputError(
      'malformedHeader',
      `The first line does not name the columns: ${record?.fault?.message ?? ''}`,
    );
  }
  return record.values.map((name) => name.trim());
}

function refuseDuplicates(columns: readonly string[]): void {
  const seen = new Set<string>();
  for (const column of columns) {
    if (column !== '' && seen.has(column)) {
      throw new InvalidInputError(
        'duplicateColumn',
        `Two columns are called ${JSON.stringify(column.slice(0, 100))}.`,
      );
    }
    seen.add(column);
  }
}

async function* checkedBatches(
  first: ScannedRecord[],
  rest: AsyncGenerator<ScannedRecord[]>,
  width: number,
): AsyncGenerator<readonly SourceRecord[]> {
  yield checkWidth(first, width);
  for await (const batch of rest) yield checkWidth(batch, width);
}

function checkWidth(batch: ScannedRecord[], width: number): readonly SourceRecord[] {
  for (let index = 0; index < batch.length; index += 1) {
    const record = batch[index] as ScannedRecord;
    if (record.values.length === width || record.fault !== undefined) continue;
    const message = `The row has ${record.values.length} values, the file has ${width} columns.`;
    batch[index] = { values: [], raw: record.raw, fault: { code: 'wrongColumnCount', message } };
  }
  return batch;
}
