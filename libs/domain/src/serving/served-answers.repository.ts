import type { TenantId } from '../tenants/tenant.js';

/** How often a node gave which answer of a tenant, within a moment. */
export interface ServedAnswersBatch {
  readonly tenantId: TenantId;
  readonly nodeId: string;
  /** Grows from batch to batch of a node; a batch that is sent again counts once. */
  readonly flush: number;
  readonly at: Date;
  readonly answers: readonly { readonly status: string; readonly reason: string; readonly count: number }[];
}

export abstract class ServedAnswersRepository {
  /** @throws UnavailableError: the same batch may be sent again */
  abstract add(batch: ServedAnswersBatch): Promise<void>;
}
