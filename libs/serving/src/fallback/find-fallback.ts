import {
  countryFallback,
  OVERALL_FALLBACK,
  segmentFallback,
  type ListReader,
  type RankedListEntry,
} from '#libs/domain';
import type { RecommendationRequest } from '../answer/recommendation.js';

/** The list of the narrowest group that the caller named and the night has ranked: segment, then country, then everybody. */
export function findFallback(lists: ListReader, request: RecommendationRequest): readonly RankedListEntry[] {
  const { segment, country, count } = request;
  const names: string[] = [];
  if (segment !== undefined) names.push(segmentFallback(segment));
  if (country !== undefined) names.push(countryFallback(country));
  names.push(OVERALL_FALLBACK);
  for (const name of names) {
    const entries = lists.fallbackList(name, count);
    if (entries !== undefined && entries.length > 0) return entries;
  }
  return [];
}
