import { queryOptions } from '@tanstack/react-query';
import { answerOf, client } from '../../api/client.js';
import { tenantKey, type Schemas } from '../queries.js';

export type Kpis = Schemas['KpisDto'];
export type Earnings = Schemas['EarningsDto'];

/** Counted every quarter of an hour: asking more often shows nothing new. */
const STALE_MS = 60_000;

export const EARNING_DAYS = 14;

export const kpisQuery = (tenant: string) =>
  queryOptions({
    queryKey: [...tenantKey(tenant), 'kpis'],
    staleTime: STALE_MS,
    queryFn: () => answerOf(client.GET('/v1/tenants/{tenant}/kpis', { params: { path: { tenant } } })),
  });

export const earningsQuery = (tenant: string, days = EARNING_DAYS) =>
  queryOptions({
    queryKey: [...tenantKey(tenant), 'earnings', days],
    staleTime: STALE_MS,
    queryFn: () =>
      answerOf(
        client.GET('/v1/tenants/{tenant}/kpis/earnings', { params: { path: { tenant }, query: { days } } }),
      ),
  });
