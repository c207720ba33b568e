import type pg from 'pg';
import type { ImportEntity, MappedRow, MappedValue, StagingPlan, StagingSink, Stub } from '#libs/domain';
import { CopyWriter } from './copy-writer.js';
import { stagingColumns, type StagingColumn } from './staging-columns.js';

interface StagingTable {
  readonly name: string;
  readonly copy: string;
  readonly columns: readonly StagingColumn[];
}

export const stagingTable = (entity: ImportEntity): string => `staging_${entity}`;

/**
 * Temporary tables of one import. They belong to the session and vanish with the transaction; row-level security forbids
 * COPY into the real tables, and a merge can count what was known.
 */
export class StagingTables implements StagingSink {
  private readonly rows: StagingTable;
  private readonly stubs = new Map<ImportEntity, StagingTable>();
  private writer: CopyWriter | undefined;
  private open: StagingTable | undefined;
  private stubNumber = 0;

  constructor(
    private readonly client: pg.PoolClient,
    plan: StagingPlan,
  ) {
    this.rows = describe(plan.entity);
    for (const { entity } of plan.stubs) this.stubs.set(entity, describe(entity));
  }

  async create(): Promise<void> {
    for (const { name, columns } of [this.rows, ...this.stubs.values()]) {
      const fields = columns.map(({ column, type }) => `${column} ${type}`);
      // seen_at orders what was said about a product or customer; row_number is the order of the file.
      const definition = ['row_number integer', 'seen_at bigint', ...fields].join(', ');
      await this.client.query(`CREATE TEMP TABLE ${name} (${definition}) ON COMMIT DROP`);
    }
  }

  addRow(row: MappedRow, rowNumber: number): void {
    this.writerFor(this.rows).write(encodeLine(this.rows.columns, row, rowNumber, 0));
  }

  async addStubs(entity: 'products' | 'customers', stubs: Iterable<Stub>): Promise<void> {
    const table = this.stubs.get(entity);
    if (table === undefined) return;
    await this.finish();
    const writer = this.writerFor(table);
    for (const { values, seenAt } of stubs) {
      this.stubNumber += 1;
      writer.write(encodeLine(table.columns, values, this.stubNumber, seenAt));
      if (this.stubNumber % 1000 === 0) await writer.drain();
    }
    await this.finish();
  }

  async drain(): Promise<void> {
    await this.writer?.drain();
  }

  /** Ends the COPY at hand. */
  async finish(): Promise<void> {
    await this.writer?.finish();
    this.writer = undefined;
  }

  async abort(reason: unknown): Promise<void> {
    await this.writer?.abort(reason);
  }

  /** A connection runs one COPY at a time; the rows' one stays open between batches. */
  private writerFor(table: StagingTable): CopyWriter {
    if (this.writer !== undefined && this.open === table) return this.writer;
    this.writer = new CopyWriter(this.client, table.copy);
    this.open = table;
    return this.writer;
  }
}

function describe(entity: ImportEntity): StagingTable {
  const columns = stagingColumns(entity);
  const name = stagingTable(entity);
  const list = ['row_number', 'seen_at', ...columns.map(({ column }) => column)].join(', ');
  return { name, columns, copy: `COPY ${name} (${list}) FROM STDIN` };
}

function encodeLine(
  columns: readonly StagingColumn[],
  row: MappedRow,
  rowNumber: number,
  seenAt: number,
): string {
  let line = `${rowNumber}\t${seenAt}`;
  for (let index = 0; index < columns.length; index += 1) {
    line += `\t${(columns[index] as StagingColumn).encode(row[index] as MappedValue)}`;
  }
  return `${line}\n`;
}
