import type { TenantId } from '../tenants/tenant.js';

export interface OutboxMessage {
  readonly tenantId: TenantId;
  readonly topic: string;
  readonly payload: object;
}

/** Messages left by committed transactions. */
export abstract class OutboxRepository {
  /** Hands undelivered messages, oldest first, to `deliver` and marks them; one that fails is handed out again. */
  abstract relay(limit: number, deliver: (message: OutboxMessage) => Promise<void>): Promise<number>;
}
