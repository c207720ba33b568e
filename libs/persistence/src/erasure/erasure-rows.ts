import type { Erasure, ErasureStatus, ErasureSubject, ReceiptEntry } from '#libs/domain';

export interface ErasureRow {
  readonly erasure_id: string;
  readonly subject: ErasureSubject;
  readonly requested_by: string;
  readonly requested_at: Date;
  readonly status: ErasureStatus;
  readonly receipt: readonly ReceiptEntry[];
  readonly waiting_for: string | null;
  readonly finished_at: Date | null;
  readonly nodes: readonly { readonly nodeId: string; readonly acknowledgedAt: string }[];
}

export function toErasure(row: ErasureRow): Erasure {
  return {
    erasureId: row.erasure_id,
    subject: row.subject,
    requestedBy: row.requested_by,
    requestedAt: row.requested_at,
    status: row.status,
    receipt: row.receipt,
    waitingFor: row.waiting_for ?? undefined,
    finishedAt: row.finished_at ?? undefined,
    acknowledgements: row.nodes.map(({ nodeId, acknowledgedAt }) => ({
      nodeId,
      acknowledgedAt: new Date(acknowledgedAt),
    })),
  };
}
