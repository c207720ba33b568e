import { queryOptions } from '@tanstack/react-query';
import { answerOf, client } from '../api/client.js';
import type { ApiComponents } from '#libs/client';

export type Schemas = ApiComponents['schemas'];
export type TenantSummary = Schemas['TenantSummaryDto'];
export type LifecycleState = TenantSummary['state'];
export type Run = Schemas['RunDto'];
export type RunSummary = Schemas['RunSummaryDto'];
export type ModelVersion = Schemas['ModelVersionDto'];
export type Verdict = Schemas['VerdictDto'];

/** The server tells what changes (`useLiveUpdates`); where it cannot, an open page finds out by itself, later. */
const LOOK_AGAIN_MS = 60_000;
const WATCH_MS = 3_000;

const at = (tenant: string) => ({ params: { path: { tenant } } });
const newest = (tenant: string, limit: number) => ({ params: { path: { tenant }, query: { limit } } });

export const tenantKey = (tenant: string) => ['tenant', tenant] as const;

export const summaryQuery = (tenant: string) =>
  queryOptions({
    queryKey: [...tenantKey(tenant), 'summary'],
    queryFn: () => answerOf(client.GET('/v1/tenants/{tenant}', at(tenant))),
    refetchInterval: LOOK_AGAIN_MS,
  });

export const lifecycleHistoryQuery = (tenant: string) =>
  queryOptions({
    queryKey: [...tenantKey(tenant), 'lifecycle', 'history'],
    queryFn: () => answerOf(client.GET('/v1/tenants/{tenant}/lifecycle/history', newest(tenant, 50))),
    refetchInterval: LOOK_AGAIN_MS,
  });

export const registryHistoryQuery = (tenant: string) =>
  queryOptions({
    queryKey: [...tenantKey(tenant), 'models', 'history'],
    queryFn: () => answerOf(client.GET('/v1/tenants/{tenant}/models/history', newest(tenant, 50))),
  });

export const verdictsQuery = (tenant: string) =>
  queryOptions({
    queryKey: [...tenantKey(tenant), 'verdicts'],
    queryFn: () => answerOf(client.GET('/v1/tenants/{tenant}/verdicts', newest(tenant, 100))),
    refetchInterval: LOOK_AGAIN_MS,
  });

export const modelsQuery = (tenant: string) =>
  queryOptions({
    queryKey: [...tenantKey(tenant), 'models'],
    queryFn: () => answerOf(client.GET('/v1/tenants/{tenant}/models', newest(tenant, 100))),
    refetchInterval: LOOK_AGAIN_MS,
  });

export const modelQuery = (tenant: string, version: number) =>
  queryOptions({
    queryKey: [...tenantKey(tenant), 'models', version],
    queryFn: () =>
      answerOf(
        client.GET('/v1/tenants/{tenant}/models/{version}', { params: { path: { tenant, version } } }),
      ),
    refetchInterval: ({ state }) => ((state.data?.ranking ?? null) === null ? false : WATCH_MS),
  });

export const runsQuery = (tenant: string) =>
  queryOptions({
    queryKey: [...tenantKey(tenant), 'runs'],
    queryFn: () => answerOf(client.GET('/v1/tenants/{tenant}/runs', newest(tenant, 50))),
    refetchInterval: ({ state }) => (state.data?.runs.some(isUnfinished) ? WATCH_MS : LOOK_AGAIN_MS),
  });

export const runQuery = (tenant: string, runId: string) =>
  queryOptions({
    queryKey: [...tenantKey(tenant), 'runs', runId],
    queryFn: () =>
      answerOf(client.GET('/v1/tenants/{tenant}/runs/{runId}', { params: { path: { tenant, runId } } })),
    refetchInterval: ({ state }) => (state.data === undefined || isUnfinished(state.data) ? WATCH_MS : false),
  });

export const isUnfinished = (run: Pick<RunSummary, 'status'>): boolean =>
  !(['succeeded', 'failed', 'cancelled'] as string[]).includes(run.status);
