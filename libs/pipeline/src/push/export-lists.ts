import {
  EXPORT_KEPT_DAYS,
  openOwnLists,
  type ExportClaim,
  type ExportFileStore,
  type ExportRow,
  type ListExportRepository,
  type ListReader,
  type ListStore,
  type ModelRegistryRepository,
  type OfferingRepository,
  type Tenant,
} from '#libs/domain';
import { pushCustomer } from './push-lists.js';
import { servedNow } from './served-now.js';

export interface ExportPorts {
  readonly exports: ListExportRepository;
  readonly files: ExportFileStore;
  readonly registry: ModelRegistryRepository;
  readonly offerings: OfferingRepository;
  readonly lists: ListStore;
}

export interface ExportPace {
  readonly leaseMs: number;
  /** Customers at a time: what is in memory. */
  readonly pageSize: number;
}

export const EXPORT_PACE: ExportPace = { leaseMs: 60_000, pageSize: 2_000 };

/** Writes the file of a claimed export, page by page, from the lists of one version. @throws LeaseLostError and others */
export async function exportLists(
  ports: ExportPorts,
  tenant: Tenant,
  claim: ExportClaim,
  pace: ExportPace = EXPORT_PACE,
): Promise<void> {
  const pointer = await ports.registry.pointer(tenant.id);
  const lists = pointer && (await openOwnLists(ports.lists, tenant.slug, pointer));
  const { exportId, attempt, options } = claim;
  const writer = await ports.files.create(tenant.id, exportId, attempt, options.format);
  try {
    const served = await servedNow(tenant, pointer, lists, ports.offerings, Date.now());
    const counts = await writePages(ports, claim, served, writer, pace);
    const file = await writer.finish();
    const modelVersion = (lists as ListReader | undefined)?.header.modelVersion;
    await ports.exports.succeed(claim, { ...counts, ...file, modelVersion, keptDays: EXPORT_KEPT_DAYS });
  } catch (error) {
    await writer.discard();
    throw error;
  } finally {
    await lists?.close();
  }
}

async function writePages(
  { exports }: ExportPorts,
  claim: ExportClaim,
  served: Parameters<typeof pushCustomer>[0],
  writer: { write(rows: readonly ExportRow[]): Promise<void> },
  { leaseMs, pageSize }: ExportPace,
) {
  const { tenantId, options } = claim;
  const total = await exports.countCustomers(tenantId, options);
  const counts = { customers: 0, recommended: 0, rows: 0 };
  let after: string | undefined;
  for (;;) {
    const page = await exports.customers(tenantId, options, after, pageSize);
    const now = Date.now();
    const pushed = page.map((customer) => pushCustomer(served, customer, options, now));
    await writer.write(pushed.flatMap(({ rows }) => rows));
    const contacted = page.filter((_, index) => pushed[index].isContact).map(({ customerId }) => customerId);
    counts.customers += page.length;
    counts.recommended += contacted.length;
    counts.rows += pushed.reduce((sum, { rows }) => sum + rows.length, 0);
    // Customers may come while it runs: the last piece is for finishing the file.
    const progress = total === 0 ? 0.99 : Math.min(0.99, counts.customers / total);
    await exports.report(claim, leaseMs, progress, counts, contacted);
    if (page.length < pageSize) return counts;
    after = page[page.length - 1].customerId;
  }
}
