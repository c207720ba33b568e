import { queryOptions } from '@tanstack/react-query';
import { answerOf, client } from '../../../api/client.js';
import { tenantKey, type Schemas } from '../../queries.js';

export type Insights = Schemas['InsightsDto'];
export type PriceResponse = Schemas['ProductPriceResponseDto'];
export type CategoryResponse = Schemas['CategoryPriceResponseDto'];
export type Cycle = Schemas['RepurchaseCycleDto'];

export const insightsQuery = (tenant: string) =>
  queryOptions({
    queryKey: [...tenantKey(tenant), 'insights'],
    queryFn: () => answerOf(client.GET('/v1/tenants/{tenant}/insights', { params: { path: { tenant } } })),
  });
