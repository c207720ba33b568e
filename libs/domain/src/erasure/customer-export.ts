import type { RankedListEntry, ListStore } from '../lists/list-store.js';
import type { ModelRegistryRepository } from '../registry/model-registry.repository.js';
import type { Tenant, TenantId } from '../tenants/tenant.js';
import type { ErasureFiles } from './erasure.repository.js';

/** Rows as they are stored, without the tenant's number. */
export type StoredRow = Readonly<Record<string, unknown>>;

export abstract class StoredRowSource {
  /** A customer's rows by table; every table that names customers is there. */
  abstract ofCustomer(tenantId: TenantId, customerId: string): Promise<Record<string, StoredRow[]>>;
  /** Everything of a tenant but secrets, table by table and in pages, from one moment. */
  abstract ofTenant(
    tenantId: TenantId,
    take: (table: string, rows: readonly StoredRow[]) => Promise<void>,
  ): Promise<void>;
}

/** Everything that is known about one customer. */
export interface CustomerExport {
  readonly customerId: string;
  readonly generatedAt: string;
  readonly rows: Readonly<Record<string, readonly StoredRow[]>>;
  /** What is recommended to them now; null: nothing of their own. */
  readonly rankedList: { readonly modelVersion: number; readonly items: readonly RankedListEntry[] } | null;
  /** Rows of imports that were rejected and name the customer. */
  readonly rejectedRows: readonly unknown[];
}

const LONGEST_LIST = 1_000;

/** Answers a customer who asks what is known about them. */
export class CustomerExportService {
  constructor(
    private readonly rows: StoredRowSource,
    private readonly registry: ModelRegistryRepository,
    private readonly lists: ListStore,
    private readonly files: ErasureFiles,
  ) {}

  async export(tenant: Tenant, customerId: string, now = new Date()): Promise<CustomerExport> {
    return {
      customerId,
      generatedAt: now.toISOString(),
      rows: await this.rows.ofCustomer(tenant.id, customerId),
      rankedList: await this.rankedList(tenant, customerId),
      rejectedRows: await this.files.rejectedRows(tenant.id, customerId),
    };
  }

  private async rankedList(tenant: Tenant, customerId: string): Promise<CustomerExport['rankedList']> {
    const pointer = await this.registry.pointer(tenant.id);
    if (pointer === undefined) return null;
    const reader = await this.lists.open(pointer.listFile);
    try {
      const items = reader.customerList(customerId, LONGEST_LIST);
      return items === undefined ? null : { modelVersion: pointer.modelVersion, items };
    } finally {
      await reader.close();
    }
  }
}
