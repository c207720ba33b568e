import {
  InvalidInputError,
  type OpenedFile,
  type ReadOptions,
  type RecordFault,
  type SourceRecord,
} from '#libs/domain';
import type { ByteSource } from './byte-source.js';
import { CsvScanner } from './csv-scanner.js';
import { textChunks } from './text-chunks.js';

const LOOKED_AT = 100;

/** Opens a file of one JSON object per line. Objects may leave fields out; the first hundred show which there are. */
export async function openNdjson(bytes: ByteSource, options: ReadOptions): Promise<OpenedFile> {
  const parser = new NdjsonParser(options.wanted, options.refuseUnknown);
  const batches = parsedBatches(bytes, parser);
  const close = async () => {
    await batches.return(undefined);
    await bytes.close();
  };
  try {
    let first: readonly SourceRecord[] = [];
    while (first.length === 0) {
      const { value, done } = await batches.next();
      if (done === true) throw new InvalidInputError('emptyFile', 'The file is empty.');
      first = value;
    }
    return {
      columns: options.wanted,
      seenColumns: parser.seenColumns,
      batches: rejoin(first, batches),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function* parsedBatches(
  bytes: ByteSource,
  parser: NdjsonParser,
): AsyncGenerator<readonly SourceRecord[]> {
  // Without a quote and with a delimiter that no line holds, the scanner cuts lines and bounds their length.
  const lines = new CsvScanner('\n', null);
  for await (const text of textChunks(bytes, 'utf-8'))
    yield lines.feed(text).map((line) => parser.parse(line));
  yield lines.feed('', true).map((line) => parser.parse(line));
}

async function* rejoin(
  first: readonly SourceRecord[],
  rest: AsyncGenerator<readonly SourceRecord[]>,
): AsyncGenerator<readonly SourceRecord[]> {
  yield first;
  yield* rest;
}

class NdjsonParser {
  private readonly known: ReadonlySet<string>;
  private readonly seen = new Set<string>();
  private looked = 0;

  constructor(
    private readonly wanted: readonly string[],
    private readonly refuseUnknown: boolean,
  ) {
    this.known = new Set(wanted);
  }

  get seenColumns(): readonly string[] {
    return [...this.seen];
  }

  parse(line: { readonly raw: string; readonly fault: RecordFault | undefined }): SourceRecord {
    if (line.fault !== undefined) return { values: [], raw: line.raw, fault: line.fault };
    let record: unknown;
    try {
      record = JSON.parse(line.raw);
    } catch (error) {
      return broken(line.raw, `The line is not JSON: ${(error as Error).message.slice(0, 200)}`);
    }
    if (typeof record !== 'object' || record === null || Array.isArray(record))
      return broken(line.raw, 'The line is no JSON object.');
    if (this.looked < LOOKED_AT) {
      this.looked += 1;
      for (const name of Object.keys(record)) this.seen.add(name);
    }
    const unknown = this.refuseUnknown
      ? Object.keys(record).find((name) => !this.known.has(name))
      : undefined;
    if (unknown !== undefined) return refused(line.raw, unknown);
    const fields = record as Record<string, unknown>;
    const values = this.wanted.map((name) => (Object.hasOwn(fields, name) ? fields[name] : null));
    return { values, raw: line.raw, fault: undefined };
  }
}

const broken = (raw: string, message: string): SourceRecord => ({
  values: [],
  raw,
  fault: { code: 'malformedJson', message },
});

const refused = (raw: string, column: string): SourceRecord => ({
  values: [],
  raw,
  fault: {
    code: 'unknownColumn',
    message: `The mapping does not name the field ${JSON.stringify(column.slice(0, 100))}.`,
    column: column.slice(0, 100),
  },
});
