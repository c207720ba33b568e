import type { NightHistory } from '../runs/night.js';
import type { Tenant, TenantId } from './tenant.js';
import type { TenantSettings } from './tenant-settings.js';

/** A tenant with what it has set, at one moment. */
export interface StoredSettings {
  readonly tenant: Tenant;
  /** Goes up with every change, whoever made it; 0 before the first. */
  readonly version: number;
  readonly history: NightHistory;
}

export interface SettingsWrite {
  /** The version that the change was made from; undefined: whatever it is. */
  readonly expectedVersion: number | undefined;
  readonly reason: string;
  /** What to store, given what is stored. */
  readonly next: (now: Tenant) => { readonly settings: TenantSettings; readonly timeZone: string };
}

export abstract class TenantSettingsRepository {
  /** @throws NotFoundError */
  abstract read(tenantId: TenantId): Promise<StoredSettings>;
  /** One transaction, its entry in the audit trail included; undefined when the version is another one by now. */
  abstract change(tenantId: TenantId, write: SettingsWrite): Promise<StoredSettings | undefined>;
}
