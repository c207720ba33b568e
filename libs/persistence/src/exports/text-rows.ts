import { open } from 'node:fs/promises';
import { EXPORT_COLUMNS, type ExportRow } from '#libs/domain';

/** Takes rows into a file; resolves when they are written, so that nothing piles up. */
export interface RowSink {
  write(rows: readonly ExportRow[]): Promise<void>;
  close(): Promise<void>;
}

/** Text of a format: what stands before the first row, and a row. */
export interface TextFormat {
  readonly head: string;
  readonly line: (row: ExportRow) => string;
}

export const toNdjson: TextFormat = { head: '', line: (row) => `${JSON.stringify(row)}\n` };

/** RFC 4180, with a header; null is an empty cell. */
export const toCsv: TextFormat = {
  head: `${EXPORT_COLUMNS.join(',')}\r\n`,
  line: (row) => `${EXPORT_COLUMNS.map((column) => csvCell(row[column])).join(',')}\r\n`,
};

/** Ids leave as they came in, also where a spreadsheet would take one for a formula: they are for programs, and come back in feedback. */
function csvCell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

export async function openTextRows(path: string, { head, line }: TextFormat): Promise<RowSink> {
  const handle = await open(path, 'w', 0o640);
  await handle.appendFile(head);
  return {
    write: async (rows) => {
      await handle.appendFile(rows.map(line).join(''));
    },
    close: () => handle.close(),
  };
}
