import type { ListReader, RankedListEntry } from '#libs/domain';
import type { RecommendationRequest } from '../answer/recommendation.js';
import { findFallback } from '../fallback/find-fallback.js';

/** Whom a list was made for: this customer, or the group of one who is new or not known at all. */
export type ListOrigin = 'own' | 'newCustomer' | 'unknownCustomer';

export interface RetrievedList {
  readonly entries: readonly RankedListEntry[];
  readonly origin: ListOrigin;
}

/**
 * The customer's own list, or the fallback where there is none. A short list of one's own is not filled up from the fallback:
 * the night has left out what this customer already has or may not be offered, and the fallback knows nothing of that.
 * @param hidden per product of the file: 1 = left out
 */
export function retrieveList(
  lists: ListReader,
  request: RecommendationRequest,
  hidden?: Uint8Array,
): RetrievedList {
  const { customerId, count } = request;
  const own = customerId === undefined ? undefined : lists.customerList(customerId, count, hidden);
  if (own !== undefined) return { entries: own, origin: 'own' };
  // The night knows the segment and country of its customers; what the caller says counts for strangers.
  const chosen = customerId === undefined ? undefined : lists.fallbackOf(customerId);
  if (chosen === undefined)
    return { entries: findFallback(lists, request, hidden), origin: 'unknownCustomer' };
  const entries = lists.fallbackList(chosen, count, hidden) ?? [];
  const found = entries.length > 0 ? entries : findFallback(lists, request, hidden);
  return { entries: found, origin: 'newCustomer' };
}
