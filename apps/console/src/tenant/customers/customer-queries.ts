import { queryOptions } from '@tanstack/react-query';
import { answerOf, client } from '../../api/client.js';
import { tenantKey, type Schemas } from '../queries.js';

export type Explanation = Schemas['CustomerExplanationDto'];
export type ExplainedItem = Schemas['ExplainedItemDto'];

export const customersQuery = (tenant: string, search: string) =>
  queryOptions({
    queryKey: [...tenantKey(tenant), 'customers', 'search', search],
    queryFn: () =>
      answerOf(
        client.GET('/v1/tenants/{tenant}/customers', {
          params: { path: { tenant }, query: { search, limit: 50 } },
        }),
      ),
  });

export const customerQuery = (tenant: string, customerId: string) =>
  queryOptions({
    queryKey: [...tenantKey(tenant), 'customers', customerId],
    queryFn: () =>
      answerOf(
        client.GET('/v1/tenants/{tenant}/customers/{customerId}', {
          params: { path: { tenant, customerId } },
        }),
      ),
  });

export interface Under {
  /** The one in service if absent. */
  readonly modelVersion?: number;
  readonly settings?: Readonly<Record<string, unknown>>;
}

export const explanationQuery = (tenant: string, customerId: string, under: Under = {}) =>
  queryOptions({
    queryKey: [...tenantKey(tenant), 'customers', customerId, 'explanation', under],
    retry: false,
    queryFn: () =>
      answerOf(
        client.POST('/v1/tenants/{tenant}/customers/{customerId}/explanation', {
          params: { path: { tenant, customerId } },
          body: { ...under, count: 10 } as never,
        }),
      ),
  });
