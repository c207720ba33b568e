import type { TenantId } from '../tenants/tenant.js';
import type { BinCounts, DataProfile } from './drift.js';

/** What triggers are measured against. */
export interface TriggerBasis {
  /** When the last training that counted took its picture of the data. */
  readonly dataAt: Date;
  /** Interactions in it. */
  readonly interactions: number;
  /** Undefined where too little was there to describe. */
  readonly profile: DataProfile | undefined;
  /** Whether a run of the tenant is unfinished, past nights aside. */
  readonly unfinished: boolean;
  readonly lastTriggeredAt: Date | undefined;
  readonly lastDegradationAt: Date | undefined;
}

/** What has come to a tenant since its last training. */
export abstract class TriggerRepository {
  /** Undefined where nothing was ever trained: the first night is the clock's or a person's. */
  abstract basis(tenantId: TenantId): Promise<TriggerBasis | undefined>;
  /** Interactions that files have brought since, and outcomes that were recorded. */
  abstract newInteractions(tenantId: TenantId, since: Date): Promise<number>;
  /** Of these, those of the profile's kind and time, in its bins. */
  abstract newCounts(tenantId: TenantId, since: Date, profile: DataProfile): Promise<BinCounts>;
}
