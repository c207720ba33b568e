import type { TenantId } from '../tenants/tenant.js';

/** What may have changed; whoever hears it asks again. */
export const TENANT_TOPICS = ['run', 'verdict', 'state', 'model', 'rules', 'import', 'settings'] as const;
export type TenantTopic = (typeof TENANT_TOPICS)[number];

export type TenantListener = (topic: TenantTopic | 'gap') => void;

/** Tells what changes in a tenant while somebody looks at it. */
export abstract class TenantEvents {
  /** `gap`: something may have been missed. The answer ends it. */
  abstract watch(tenantId: TenantId, listener: TenantListener): () => void;
  abstract close(): Promise<void>;
}
