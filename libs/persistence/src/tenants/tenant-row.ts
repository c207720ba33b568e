import type { LifecycleState, Tenant, TenantSettings } from '#libs/domain';

/** A row of `tenant` as plain SQL returns it. */
export interface TenantRow {
  readonly id: number;
  readonly slug: string;
  readonly name: string;
  readonly time_zone: string;
  readonly currency: string;
  readonly state: LifecycleState;
  readonly state_changed_at: Date;
  readonly settings: TenantSettings;
  readonly template_version: number;
}

export const TENANT_COLUMNS =
  'id, slug, name, time_zone, currency, state::text AS state, state_changed_at, settings, template_version';

export function toTenant(row: TenantRow): Tenant {
  return {
    id: row.id,
    slug: row.slug,
    name: row.name,
    timeZone: row.time_zone,
    currency: row.currency,
    state: row.state,
    stateChangedAt: row.state_changed_at,
    settings: row.settings,
    templateVersion: row.template_version,
  };
}
