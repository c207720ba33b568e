import type { LifecycleState } from '../lifecycle/lifecycle-state.js';
import type { TenantSettings } from './tenant-settings.js';

/** Internal number of a tenant: stands first in every key, never leaves the platform. */
export type TenantId = number;

export interface Tenant {
  readonly id: TenantId;
  /** The name in addresses: lower-case letters, digits and hyphens. */
  readonly slug: string;
  readonly name: string;
  /** IANA name, for instance Europe/Berlin: decides when this tenant's night begins. */
  readonly timeZone: string;
  /** ISO 4217. */
  readonly currency: string;
  readonly state: LifecycleState;
  readonly stateChangedAt: Date;
  readonly settings: TenantSettings;
  readonly templateVersion: number;
  /** Requests of all its keys to the data plane, a day in UTC; 0: no limit; undefined: as the installation is set. */
  readonly requestsPerDay?: number;
}
