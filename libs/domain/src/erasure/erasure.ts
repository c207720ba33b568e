import type { TenantId } from '../tenants/tenant.js';

export type ErasureSubject = 'customer' | 'tenant';
export type ErasureStatus = 'queued' | 'running' | 'succeeded';

/** What one store had of the subject, and when it was gone. */
export interface ReceiptEntry {
  readonly store: string;
  readonly what: string;
  readonly count: number;
  /** ISO 8601. */
  readonly doneAt: string;
}

/** A request to forget, and the receipt of what was done. */
export interface Erasure {
  readonly erasureId: string;
  readonly subject: ErasureSubject;
  readonly requestedBy: string;
  readonly requestedAt: Date;
  readonly status: ErasureStatus;
  readonly receipt: readonly ReceiptEntry[];
  /** Why it is not finished yet; undefined: nothing stands in its way. */
  readonly waitingFor: string | undefined;
  readonly finishedAt: Date | undefined;
  /** Serving nodes that have said that they have forgotten the customer. */
  readonly acknowledgements: readonly { readonly nodeId: string; readonly acknowledgedAt: Date }[];
}

/** What a worker holds while it erases: whoever comes later has a higher attempt, and the right to write. */
export interface ErasureClaim {
  readonly tenantId: TenantId;
  readonly erasureId: string;
  readonly attempt: number;
  readonly subject: ErasureSubject;
  readonly customerId: string | undefined;
  readonly requestedBy: string;
  readonly requestedAt: Date;
}

/** Counts of one store, still without the moment. */
export type Removed = Omit<ReceiptEntry, 'doneAt'>;

/** Adds what was removed to what an earlier attempt has written down. */
export function addToReceipt(
  receipt: readonly ReceiptEntry[],
  removed: readonly Removed[],
  now: Date,
): ReceiptEntry[] {
  const sums = new Map(receipt.map((entry) => [`${entry.store}/${entry.what}`, entry]));
  for (const { store, what, count } of removed) {
    const key = `${store}/${what}`;
    const before = sums.get(key);
    // A repetition that finds nothing leaves the moment at which it was gone.
    if (before !== undefined && count === 0) continue;
    sums.set(key, { store, what, count: (before?.count ?? 0) + count, doneAt: now.toISOString() });
  }
  return [...sums.values()];
}
