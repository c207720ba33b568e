import type { ListReader, RankedListEntry } from '#libs/domain';
import type { RecommendationRequest } from '../answer/recommendation.js';
import { findFallback } from '../fallback/find-fallback.js';

export interface RetrievedList {
  readonly entries: readonly RankedListEntry[];
  /** Whom the entries were made for: this customer, or the group of one who is new or not known at all. */
  readonly origin: 'own' | 'newCustomer' | 'unknownCustomer';
}

/**
 * The customer's own list, or the fallback where there is none. A short list of one's own is not filled up from the fallback:
 * the night has left out what this customer already has or may not be offered, and the fallback knows nothing of that.
 */
export function retrieveList(lists: ListReader, request: RecommendationRequest): RetrievedList {
  const { customerId, count } = request;
  const own = customerId === undefined ? undefined : lists.customerList(customerId, count);
  if (own !== undefined) return { entries: own, origin: 'own' };
  // The night knows the segment and country of its customers; what the caller says counts for strangers.
  const chosen = customerId === undefined ? undefined : lists.fallbackOf(customerId);
  if (chosen === undefined) return { entries: findFallback(lists, request), origin: 'unknownCustomer' };
  const entries = lists.fallbackList(chosen, count) ?? [];
  return { entries: entries.length > 0 ? entries : findFallback(lists, request), origin: 'newCustomer' };
}
