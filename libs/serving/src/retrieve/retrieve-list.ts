import type { ListReader, RankedListEntry } from '#libs/domain';
import type { RecommendationRequest } from '../answer/recommendation.js';
import { findFallback } from '../fallback/find-fallback.js';

export interface RetrievedList {
  readonly entries: readonly RankedListEntry[];
  /** False when the entries are somebody else's: the fallback's. */
  readonly ownList: boolean;
}

/**
 * The customer's own list, or the fallback where there is none. A short list of one's own is not filled up from the fallback:
 * the night has left out what this customer already has or may not be offered, and the fallback knows nothing of that.
 */
export function retrieveList(lists: ListReader, request: RecommendationRequest): RetrievedList {
  const { customerId, count } = request;
  const own = customerId === undefined ? undefined : lists.customerList(customerId, count);
  if (own !== undefined) return { entries: own, ownList: true };
  return { entries: findFallback(lists, request), ownList: false };
}
