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
  readonly requests_per_day: number | null;
}

export const TENANT_COLUMNS =
  'id, slug, name, time_zone, currency, state::text AS state, state_changed_at, settings, template_version, requests_per_day';

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
    ...(row.requests_per_day === null ? {} : { requestsPerDay: row.requests_per_day }),
  };
}
