import { LIFECYCLE_STATES, type LifecycleState } from '../lifecycle/lifecycle-state.js';
import {
  ageCohortOf,
  sizeCohortOf,
  TROUBLES,
  troublesOf,
  type AgeCohort,
  type FleetTenant,
  type SizeCohort,
  type Trouble,
} from './fleet-tenant.js';

/** What is not given lets everybody through. */
export interface FleetFilter {
  readonly state?: LifecycleState;
  readonly templateVersion?: number;
  readonly size?: SizeCohort;
  readonly age?: AgeCohort;
  readonly trouble?: Trouble | 'any';
  /** A part of the name or the slug. */
  readonly text?: string;
  /** The whole of it: this tenant alone. */
  readonly slug?: string;
}

export const FLEET_SORTS = [
  'trouble',
  'tenant',
  'state',
  'template',
  'size',
  'age',
  'lastRun',
  'accuracy',
  'cost',
] as const;
export type FleetSort = (typeof FLEET_SORTS)[number];

/** A tenant with what follows from its numbers. */
export interface JudgedTenant extends FleetTenant {
  readonly size: SizeCohort;
  readonly age: AgeCohort;
  readonly troubles: readonly Trouble[];
}

export function judgeTenants(tenants: readonly FleetTenant[], now: Date): JudgedTenant[] {
  return tenants.map((tenant) => ({
    ...tenant,
    size: sizeCohortOf(tenant.interactions),
    age: ageCohortOf(tenant.createdAt, now),
    troubles: troublesOf(tenant),
  }));
}

export function selectTenants(tenants: readonly JudgedTenant[], filter: FleetFilter): JudgedTenant[] {
  const { state, templateVersion, size, age, trouble, slug } = filter;
  const text = filter.text?.trim().toLowerCase() ?? '';
  return tenants.filter(
    (tenant) =>
      (slug === undefined || tenant.slug === slug) &&
      (state === undefined || tenant.state === state) &&
      (templateVersion === undefined || tenant.templateVersion === templateVersion) &&
      (size === undefined || tenant.size === size) &&
      (age === undefined || tenant.age === age) &&
      (trouble === undefined ||
        (trouble === 'any' ? tenant.troubles.length > 0 : tenant.troubles.includes(trouble))) &&
      (text === '' || tenant.slug.includes(text) || tenant.name.toLowerCase().includes(text)),
  );
}

/** A lower number comes first; what is equal goes by slug. */
const PLACES: Readonly<Record<FleetSort, (tenant: JudgedTenant) => number>> = {
  // Each trouble outweighs all that are less bad together.
  trouble: ({ troubles }) =>
    -troubles.reduce((sum, trouble) => sum + 2 ** (TROUBLES.length - TROUBLES.indexOf(trouble)), 0),
  tenant: () => 0,
  state: ({ state }) => LIFECYCLE_STATES.indexOf(state),
  template: ({ templateVersion }) => -templateVersion,
  size: ({ interactions }) => -(interactions ?? -1),
  age: ({ createdAt }) => createdAt.getTime(),
  lastRun: ({ lastRun }) => -(lastRun?.finishedAt?.getTime() ?? 0),
  accuracy: ({ ndcgTrend }) => ndcgTrend.at(-1) ?? Infinity,
  cost: ({ cpuSeconds }) => -cpuSeconds,
};

export function sortTenants(
  tenants: readonly JudgedTenant[],
  sort: FleetSort,
  descending = false,
): JudgedTenant[] {
  const placed = tenants.map((tenant) => ({ tenant, place: PLACES[sort](tenant) }));
  const direction = descending ? -1 : 1;
  placed.sort((a, b) => {
    const order = a.place === b.place ? compare(a.tenant.slug, b.tenant.slug) : a.place < b.place ? -1 : 1;
    return direction * order;
  });
  return placed.map(({ tenant }) => tenant);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
