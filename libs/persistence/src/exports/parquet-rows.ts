import { fileWriter, ParquetWriter, schemaFromColumnData, type BasicType } from 'hyparquet-writer';
import { EXPORT_COLUMNS, type ExportRow } from '#libs/domain';
import type { RowSink } from './text-rows.js';

/** Rows of one row group: what is in memory besides a page of the writer. */
const GROUP_ROWS = 50_000;

const TYPES: Readonly<Record<keyof ExportRow, BasicType>> = {
  recommendationId: 'STRING',
  customerId: 'STRING',
  segment: 'STRING',
  status: 'STRING',
  statusReason: 'STRING',
  position: 'INT32',
  productId: 'STRING',
  score: 'DOUBLE',
  source: 'STRING',
  modelVersion: 'INT32',
  servedAt: 'STRING',
};

const columnsOf = (rows: readonly ExportRow[]) =>
  EXPORT_COLUMNS.map((name) => ({
    ...{ name, type: TYPES[name], nullable: true, offsetIndex: false },
    data: rows.map((row) => row[name]),
  }));

export async function openParquetRows(path: string): Promise<RowSink> {
  const schema = schemaFromColumnData({ columnData: columnsOf([]) });
  const writer = new ParquetWriter({ writer: fileWriter(path), schema });
  let waiting: ExportRow[] = [];
  let isClosed = false;
  const flush = async () => {
    if (waiting.length > 0) await writer.write({ columnData: columnsOf(waiting), rowGroupSize: GROUP_ROWS });
    waiting = [];
  };
  return {
    write: async (rows) => {
      for (const row of rows) {
        waiting.push(row);
        if (waiting.length >= GROUP_ROWS) await flush();
      }
    },
    close: async () => {
      if (isClosed) return;
      isClosed = true;
      await flush();
      await writer.finish();
    },
  };
}
