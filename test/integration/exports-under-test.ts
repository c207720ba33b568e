import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  LIST_SOURCES,
  OVERALL_FALLBACK,
  type ExportClaim,
  type ExportOptions,
  type ExportRow,
  type ListExport,
  type Tenant,
} from '#libs/domain';
import {
  FileExportStore,
  LmdbListStore,
  PostgresListExportRepository,
  PostgresModelRegistryRepository,
  PostgresOfferingRepository,
} from '#libs/persistence';
import { exportLists, type ExportPace, type ExportPorts } from '#libs/pipeline';
import { createTestTenant, openTestDatabase, type TestDatabase, type TestTenant } from '#libs/testing';

export const OPTIONS: ExportOptions = {
  ...{ format: 'ndjson', count: 2, controlShare: 0, controlSeed: 1, notAgainWithinDays: 0 },
};
/** Scores of every list: 0.9, 0.8, 0.7. */
const PRODUCTS = ['tea', 'cup', 'pot'];

/** Exports on a real database, with a list file of three products and whichever customers a test wants. */
export class ExportsUnderTest {
  readonly repository: PostgresListExportRepository;
  readonly ports: ExportPorts;
  readonly files: FileExportStore;

  private constructor(
    readonly database: TestDatabase,
    readonly folder: string,
  ) {
    this.repository = new PostgresListExportRepository(database.tenants);
    this.files = new FileExportStore(folder);
    this.ports = {
      exports: this.repository,
      files: this.files,
      registry: new PostgresModelRegistryRepository(database.tenants),
      offerings: new PostgresOfferingRepository(database.tenants),
      lists: new LmdbListStore(folder),
    };
  }

  static async open(): Promise<ExportsUnderTest> {
    const folder = await mkdtemp(join(tmpdir(), 'nightshift-exports-'));
    return new ExportsUnderTest(await openTestDatabase(process.env), folder);
  }

  /** A tenant whose customers all have the same list. */
  async tenantWith(
    customers: Readonly<Record<string, string | null>>,
    given: TestTenant = {},
  ): Promise<Tenant> {
    const tenant = await createTestTenant(this.database, given);
    await this.sql(
      tenant,
      `INSERT INTO customer (tenant_id, customer_id, segment) SELECT $1, * FROM unnest($2::text[], $3::text[])`,
      [tenant.id, Object.keys(customers), Object.values(customers)],
    );
    const listFile = `${tenant.id}/1-${randomUUID()}.lists`;
    const writer = await this.ports.lists.create(listFile, {
      ...{ tenant: tenant.slug, modelVersion: 3, algorithm: 'hybrid', watermark: '2026-11-20T00:00:00.000Z' },
      productIds: PRODUCTS,
    });
    const list = {
      products: Int32Array.of(0, 1, 2),
      scores: Float32Array.of(0.9, 0.8, 0.7),
      sources: new Uint8Array(3).fill(LIST_SOURCES.indexOf('ials')),
    };
    for (const customer of Object.keys(customers)) writer.putCustomer(customer, list);
    writer.putFallback(OVERALL_FALLBACK, list);
    await writer.finish();
    await this.sql(
      tenant,
      `INSERT INTO serving_pointer (tenant_id, model_version, publication_id, list_file) VALUES ($1, 3, $2, $3)`,
      [tenant.id, randomUUID(), listFile],
    );
    return tenant;
  }

  sql(tenant: Tenant, text: string, values: unknown[] = []) {
    return this.database.tenants.runBulk(tenant.id, (client) => client.query(text, values));
  }

  request(tenant: Tenant, options: Partial<ExportOptions> = {}): Promise<ListExport> {
    const request = { exportId: randomUUID(), options: { ...OPTIONS, ...options }, requestedBy: 'spec' };
    return this.repository.create(tenant.id, request);
  }

  async claim(tenant: Tenant, exportId: string, leaseMs = 60_000): Promise<ExportClaim> {
    const claim = await this.repository.claim(tenant.id, exportId, leaseMs);
    if (claim === undefined) throw new Error('The export cannot be claimed.');
    return claim;
  }

  /** From the request to the file. */
  async export(
    tenant: Tenant,
    options: Partial<ExportOptions> = {},
    pace: ExportPace = { leaseMs: 60_000, pageSize: 2 },
  ): Promise<{ found: ListExport; file: Buffer }> {
    const { exportId } = await this.request(tenant, options);
    await exportLists(this.ports, tenant, await this.claim(tenant, exportId), pace);
    const found = (await this.repository.find(tenant.id, exportId)) as ListExport;
    return {
      found,
      file: await readFile(join(this.folder, 'exports', String(tenant.id), `${exportId}.rows`)),
    };
  }

  async rows(tenant: Tenant, options: Partial<ExportOptions> = {}): Promise<ExportRow[]> {
    const { file } = await this.export(tenant, options);
    return parseNdjson(file);
  }

  async close(): Promise<void> {
    await this.database.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

export function parseNdjson(file: Buffer): ExportRow[] {
  const lines = file.toString('utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as ExportRow);
}

/** "anna: tea, cup" or "ben: none controlGroup", one for each customer. */
export function told(rows: readonly ExportRow[]): string[] {
  const customers = new Map<string, string[]>();
  for (const { customerId, status, statusReason, productId } of rows) {
    const said = productId ?? `${status} ${statusReason}`;
    customers.set(customerId, [...(customers.get(customerId) ?? []), said]);
  }
  return [...customers].map(([customer, said]) => `${customer}: ${said.join(', ')}`);
}
