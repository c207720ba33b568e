import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answerOf, client } from '../api/client.js';
import type { ApiComponents } from '#libs/client';
import type { JobState, RunChoice } from './operator-search.js';

type Schemas = ApiComponents['schemas'];
export type FleetTenants = Schemas['FleetTenantsDto'];
export type FleetColumns = Schemas['FleetColumnsDto'];
export type FleetFilter = Schemas['FleetFilterDto'];
export type Rates = Schemas['RatesDto'];
export type Rollout = Schemas['RolloutDto'];
export type RolloutWithEvents = Schemas['RolloutWithEventsDto'];
export type CohortComparison = Schemas['CohortComparisonDto'];
export type TemplateVersion = Schemas['ListedTemplateVersionDto'];
export type FleetRun = Schemas['FleetRunDto'];
export type FleetTenant = Schemas['FleetTenantDto'];
export type QueueJob = Schemas['JobDto'];
export type QueueCounts = Schemas['QueueDto'];
export type FleetWorker = Schemas['WorkerDto'];
export type NightCost = Schemas['NightCostDto'];
export type OnboardingReport = Schemas['OnboardingReportDto'];

export const FLEET_KEY = ['fleet'] as const;
const TEMPLATES_KEY = ['templates'] as const;
export const ROLLOUTS_KEY = ['rollouts'] as const;
const EVERYBODY = 10_000;
const LOOK_AGAIN_MS = 15_000;
const WATCH_MS = 5_000;
const MOST_NIGHTS = 60;

type TenantSearch = FleetFilter & { sort?: FleetSort; order?: 'asc' | 'desc' };
export type FleetSort =
  'trouble' | 'tenant' | 'state' | 'template' | 'size' | 'age' | 'lastRun' | 'accuracy' | 'cost';

export const tenantsQuery = (search: TenantSearch) =>
  queryOptions({
    queryKey: [...FLEET_KEY, 'tenants', search],
    queryFn: () =>
      answerOf(client.GET('/v1/fleet/tenants', { params: { query: { ...search, limit: EVERYBODY } } })),
    placeholderData: keepPreviousData,
    refetchInterval: LOOK_AGAIN_MS,
    // To compare 70,000 values with those of before takes longer than to draw thirty rows.
    structuralSharing: false,
  });

export const ratesQuery = (by: Rates['by'], weeks: number) =>
  queryOptions({
    queryKey: [...FLEET_KEY, 'rates', by, weeks],
    queryFn: () => answerOf(client.GET('/v1/fleet/rates', { params: { query: { by, weeks } } })),
    placeholderData: keepPreviousData,
  });

export const workQuery = queryOptions({
  queryKey: [...FLEET_KEY, 'work'],
  queryFn: () => answerOf(client.GET('/v1/fleet/work')),
  refetchInterval: WATCH_MS,
});

export const fleetRunsQuery = (choice: RunChoice, night: string | undefined) =>
  queryOptions({
    queryKey: [...FLEET_KEY, 'runs', choice, night],
    queryFn: () => {
      const filter =
        choice === 'all' ? {} : choice === 'late' ? { late: 'true' as const } : { status: choice };
      const query = { ...filter, night, limit: 50 };
      return answerOf(client.GET('/v1/fleet/runs', { params: { query } }));
    },
    placeholderData: keepPreviousData,
    refetchInterval: WATCH_MS,
  });

export const fleetTenantQuery = (tenant: string) =>
  queryOptions({
    queryKey: [...FLEET_KEY, 'tenant', tenant],
    queryFn: () => answerOf(client.GET('/v1/fleet/tenants/{tenant}', { params: { path: { tenant } } })),
    refetchInterval: LOOK_AGAIN_MS,
  });

export const nightsOfQuery = (tenant: string) =>
  queryOptions({
    queryKey: [...FLEET_KEY, 'tenant', tenant, 'nights'],
    queryFn: () =>
      answerOf(client.GET('/v1/fleet/runs', { params: { query: { tenant, limit: MOST_NIGHTS } } })),
    refetchInterval: LOOK_AGAIN_MS,
  });

export const jobsQuery = (queue: string, state: JobState) =>
  queryOptions({
    queryKey: [...FLEET_KEY, 'jobs', queue, state],
    queryFn: () =>
      answerOf(
        client.GET('/v1/fleet/queues/{queue}/jobs', {
          params: { path: { queue }, query: { state, limit: 100 } },
        }),
      ),
    placeholderData: keepPreviousData,
    refetchInterval: WATCH_MS,
  });

export const costsQuery = queryOptions({
  queryKey: [...FLEET_KEY, 'costs'],
  queryFn: () => answerOf(client.GET('/v1/fleet/costs', { params: { query: { nights: 14 } } })),
});

export const templatesQuery = queryOptions({
  queryKey: TEMPLATES_KEY,
  queryFn: () => answerOf(client.GET('/v1/templates')),
  refetchInterval: WATCH_MS,
});

export const rolloutsQuery = queryOptions({
  queryKey: ROLLOUTS_KEY,
  queryFn: () => answerOf(client.GET('/v1/rollouts', { params: { query: { limit: 20 } } })),
  refetchInterval: WATCH_MS,
});

export const rolloutQuery = (rolloutId: string) =>
  queryOptions({
    queryKey: [...ROLLOUTS_KEY, rolloutId],
    queryFn: () => answerOf(client.GET('/v1/rollouts/{rolloutId}', { params: { path: { rolloutId } } })),
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? WATCH_MS : false),
  });
