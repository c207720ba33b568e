import { queryOptions } from '@tanstack/react-query';
import { answerOf, client } from '../../api/client.js';
import { tenantKey, type Schemas } from '../queries.js';

export type Key = Schemas['ListedKeyDto'];

export const keysKey = (tenant: string) => [...tenantKey(tenant), 'keys'] as const;

export const keysQuery = (tenant: string) =>
  queryOptions({
    queryKey: keysKey(tenant),
    queryFn: () => answerOf(client.GET('/v1/tenants/{tenant}/keys', { params: { path: { tenant } } })),
  });
