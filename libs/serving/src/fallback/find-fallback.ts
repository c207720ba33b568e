import {
  countryFallback,
  OVERALL_FALLBACK,
  segmentFallback,
  type ListReader,
  type RankedListEntry,
} from '#libs/domain';
import type { RecommendationRequest } from '../answer/recommendation.js';

/** The list of the narrowest group that the caller named and the night has ranked: segment, then country, then everybody. */
export function findFallback(
  lists: ListReader,
  request: RecommendationRequest,
  hidden?: Uint8Array,
): readonly RankedListEntry[] {
  for (const name of fallbackNames(request)) {
    const entries = lists.fallbackList(name, request.count, hidden);
    if (entries !== undefined && entries.length > 0) return entries;
  }
  return [];
}

/** The narrowest group first. */
export function fallbackNames({
  segment,
  country,
}: Pick<RecommendationRequest, 'segment' | 'country'>): string[] {
  const names: string[] = [];
  if (segment !== undefined) names.push(segmentFallback(segment));
  if (country !== undefined) names.push(countryFallback(country));
  names.push(OVERALL_FALLBACK);
  return names;
}
