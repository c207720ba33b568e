import type { TenantId } from '../tenants/tenant.js';
import type {
  ExportCounts,
  ExportCustomer,
  ExportEvent,
  ExportEventKind,
  ExportFormat,
  ExportOptions,
  ExportRow,
  ListExport,
} from './list-export.js';

/** What a worker holds while it writes an export: whoever comes later has a higher attempt, and the right to write. */
export interface ExportClaim {
  readonly tenantId: TenantId;
  readonly exportId: string;
  readonly attempt: number;
  readonly options: ExportOptions;
}

export interface FinishedExport extends ExportCounts {
  readonly modelVersion: number | undefined;
  readonly bytes: number;
  readonly sha256: string;
  readonly keptDays: number;
}

export abstract class ListExportRepository {
  abstract create(
    tenantId: TenantId,
    request: { readonly exportId: string; readonly options: ExportOptions; readonly requestedBy: string },
  ): Promise<ListExport>;
  abstract find(tenantId: TenantId, exportId: string): Promise<ListExport | undefined>;
  abstract list(tenantId: TenantId, limit: number): Promise<readonly ListExport[]>;
  abstract countUnfinished(tenantId: TenantId): Promise<number>;
  abstract record(tenantId: TenantId, exportId: string, kind: ExportEventKind, actor: string): Promise<void>;
  abstract events(tenantId: TenantId, exportId: string): Promise<readonly ExportEvent[]>;
  /** Undefined when somebody has it, it is over, or another export of the tenant is being written. */
  abstract claim(tenantId: TenantId, exportId: string, leaseMs: number): Promise<ExportClaim | undefined>;
  abstract countCustomers(tenantId: TenantId, options: ExportOptions): Promise<number>;
  /** The next customers behind one, in the order of their ids. */
  abstract customers(
    tenantId: TenantId,
    options: ExportOptions,
    after: string | undefined,
    limit: number,
  ): Promise<readonly ExportCustomer[]>;
  /** Renews the lease. @throws LeaseLostError */
  abstract report(
    claim: ExportClaim,
    leaseMs: number,
    progress: number,
    counts: ExportCounts,
    contacted: readonly string[],
  ): Promise<void>;
  /** @throws LeaseLostError */
  abstract succeed(claim: ExportClaim, finished: FinishedExport): Promise<void>;
  /** Gives it back for another attempt, or ends it. */
  abstract fail(claim: ExportClaim, code: string, message: string, mayRetry: boolean): Promise<void>;
  abstract expire(tenantId: TenantId, exportId: string): Promise<void>;
}

/** All tenants: the platform's side. */
export abstract class FleetExportRepository {
  /** Queued, or left by a worker that is gone. */
  abstract claimable(): Promise<readonly { tenantId: TenantId; exportId: string; attempt: number }[]>;
  abstract expired(): Promise<readonly { tenantId: TenantId; exportId: string }[]>;
}

export interface ExportWriter {
  /** Resolves when more may come: nothing piles up in memory. */
  write(rows: readonly ExportRow[]): Promise<void>;
  /** Durable, and under its name. */
  finish(): Promise<{ readonly bytes: number; readonly sha256: string }>;
  discard(): Promise<void>;
}

export abstract class ExportFileStore {
  abstract create(
    tenantId: TenantId,
    exportId: string,
    attempt: number,
    format: ExportFormat,
  ): Promise<ExportWriter>;
  abstract open(tenantId: TenantId, exportId: string): Promise<AsyncIterable<Uint8Array> | undefined>;
  /** With what lost attempts have left. */
  abstract remove(tenantId: TenantId, exportId: string): Promise<void>;
}
