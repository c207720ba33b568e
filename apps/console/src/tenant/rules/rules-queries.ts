import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { answerOf, client } from '../../api/client.js';
import { tenantKey, type Schemas } from '../queries.js';
import type { Rules } from './rule-types.js';

export type Vocabulary = Schemas['VocabularyDto'];
export type VocabularyField = Schemas['VocabularyFieldDto'];
export type FoundProduct = Schemas['FoundProductDto'];
export type Preview = Schemas['PreviewDto'];

const path = (tenant: string) => ({ path: { tenant } });
const WORDS_STALE_MS = 300_000;

export const rulesQuery = (tenant: string) =>
  queryOptions({
    queryKey: [...tenantKey(tenant), 'rules'],
    queryFn: () => answerOf(client.GET('/v1/tenants/{tenant}/rules', { params: path(tenant) })),
  });

export const vocabularyQuery = (tenant: string) =>
  queryOptions({
    queryKey: [...tenantKey(tenant), 'rules', 'vocabulary'],
    staleTime: WORDS_STALE_MS,
    queryFn: () => answerOf(client.GET('/v1/tenants/{tenant}/rules/vocabulary', { params: path(tenant) })),
  });

export const productSearchQuery = (tenant: string, search: string) =>
  queryOptions({
    queryKey: [...tenantKey(tenant), 'products', 'search', search],
    staleTime: WORDS_STALE_MS,
    placeholderData: keepPreviousData,
    queryFn: () =>
      answerOf(
        client.GET('/v1/tenants/{tenant}/products', {
          params: { ...path(tenant), query: { search, limit: 30 } },
        }),
      ),
  });

/** Names of products that rules speak of. */
export const productsQuery = (tenant: string, productIds: readonly string[]) =>
  queryOptions({
    queryKey: [...tenantKey(tenant), 'products', 'named', productIds],
    enabled: productIds.length > 0,
    staleTime: WORDS_STALE_MS,
    placeholderData: keepPreviousData,
    queryFn: () =>
      answerOf(
        client.GET('/v1/tenants/{tenant}/products', {
          params: { ...path(tenant), query: { productId: [...productIds] } },
        }),
      ),
  });

export const previewQuery = (tenant: string, rules: Rules, customerIds: readonly string[]) =>
  queryOptions({
    queryKey: [...tenantKey(tenant), 'rules', 'preview', rules, customerIds],
    retry: false,
    placeholderData: keepPreviousData,
    queryFn: () =>
      answerOf(
        client.POST('/v1/tenants/{tenant}/rules/preview', {
          params: path(tenant),
          body: {
            rules: rules as never,
            count: 10,
            sample: 20,
            ...(customerIds.length === 0 ? {} : { customerIds: [...customerIds] }),
          },
        }),
      ),
  });

const MOST_NAMED = 200;

export function productIdsOf(rules: Rules): readonly string[] {
  const ids = rules.flatMap(({ productId, products, together }) => [
    ...(typeof productId !== 'string' || productId === '' ? [] : [productId]),
    ...listOf(products?.productIds),
    ...listOf(together?.productIds),
  ]);
  return [...new Set(ids)].sort().slice(0, MOST_NAMED);
}

/** A document may hold anything. */
const listOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];

export const rerankingQuery = (tenant: string) =>
  queryOptions({
    queryKey: [...tenantKey(tenant), 'reranking'],
    queryFn: () => answerOf(client.GET('/v1/tenants/{tenant}/reranking', { params: path(tenant) })),
  });

/** More customers than rules need: what settings cost is a mean. */
const TUNING_SAMPLE = 60;

export const rerankingPreviewQuery = (tenant: string, settings: object) =>
  queryOptions({
    queryKey: [...tenantKey(tenant), 'reranking', 'preview', settings],
    retry: false,
    placeholderData: keepPreviousData,
    queryFn: () =>
      answerOf(
        client.POST('/v1/tenants/{tenant}/reranking/preview', {
          params: path(tenant),
          body: { settings: settings as never, sample: TUNING_SAMPLE, count: 10 },
        }),
      ),
  });
