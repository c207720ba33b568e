import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { ImportService, type ImportMapping, type ImportResult, type Tenant } from '#libs/domain';
import {
  createPostgresPool,
  FileRejectedRowStore,
  PostgresImportStore,
  TenantDatabase,
  TenantFileReader,
} from '#libs/persistence';
import { createTestTenant, openTestDatabase, type TestDatabase } from '#libs/testing';

/** The connections of the imports, so that a test can find and kill them. */
export const APPLICATION = `imports-spec-${process.pid}`;
export const HEADER = 'id,customer,sku,at,quantity,price,name,country';

export const csv: ImportMapping = {
  entity: 'interactions',
  format: { type: 'csv' },
  fields: {
    eventId: { column: 'id' },
    type: { constant: 'purchase' },
    customerId: { column: 'customer' },
    productId: { column: 'sku' },
    occurredAt: { column: 'at' },
    quantity: { column: 'quantity' },
    unitPrice: { column: 'price' },
  },
  returnsWhen: 'negativeQuantity',
  product: { fields: { name: { column: 'name' }, price: { column: 'price' } } },
  customer: { fields: { country: { column: 'country' } } },
};

/** A file of good rows with 7 customers and 11 products. */
export const rows = (count: number): string =>
  `${HEADER}\n${Array.from({ length: count }, (_, n) => `e${n},c${n % 7},p${n % 11},2011-01-0${1 + (n % 9)},1,2.5,Thing ${n % 11},UK`).join('\n')}\n`;

export async function* inChunks(file: string | Buffer, size = 1000): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(file as string);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

export const errorCodes = (result: ImportResult): string[] =>
  result.rejections.map(({ row, field, code }) => `${row} ${field ?? '-'} ${code}`);

/** Imports into a real database; `tenant` is a new one for every test. */
export class ImportsUnderTest {
  tenant!: Tenant;
  readonly imports: ImportService;

  private constructor(
    readonly stateDir: string,
    readonly database: TenantDatabase,
    private readonly fleet: TestDatabase,
  ) {
    this.imports = new ImportService(
      new TenantFileReader(join(stateDir, 'spool')),
      new PostgresImportStore(database),
      new FileRejectedRowStore(stateDir),
    );
  }

  static async open(): Promise<ImportsUnderTest> {
    const stateDir = await mkdtemp(join(tmpdir(), 'nightshift-imports-'));
    const connectionString = process.env.TEST_DATABASE_URL ?? '';
    const pool = createPostgresPool({ connectionString, max: 4, applicationName: APPLICATION });
    return new ImportsUnderTest(stateDir, new TenantDatabase(pool), await openTestDatabase(process.env));
  }

  get admin(): pg.Pool {
    return this.fleet.admin;
  }

  newTenant(): Promise<Tenant> {
    return createTestTenant(this.fleet, { timeZone: 'UTC' });
  }

  send(file: string | Buffer, mapping = csv, tenant = this.tenant): Promise<ImportResult> {
    const request = { tenant, mapping, sourceName: 'spec', requestedBy: 'spec' };
    return this.imports.import({ ...request, source: inChunks(file) });
  }

  select<Row extends pg.QueryResultRow>(sql: string, of = this.tenant): Promise<Row[]> {
    return this.database.runBulk(of.id, async (client) => (await client.query<Row>(sql)).rows);
  }

  async stored(table: string, of = this.tenant): Promise<number> {
    const [row] = await this.select<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`, of);
    return row?.n ?? -1;
  }

  async close(): Promise<void> {
    await Promise.all([this.database.close(), this.fleet.close()]);
    await rm(this.stateDir, { recursive: true, force: true });
  }
}
