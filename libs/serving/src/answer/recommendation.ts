import type { ListSource } from '#libs/domain';
import type { LiveLine } from '../live/recommend-live.js';

export const RECOMMENDATION_STATUSES = ['ok', 'partial', 'none'] as const;
export type RecommendationStatus = (typeof RECOMMENDATION_STATUSES)[number];

/**
 * What is unusual about an answer; null when nothing is. A closed list: clients may switch on it.
 * - `off` (none): the tenant has switched recommendations off.
 * - `noModelYet` (none): no model of this tenant has been promoted so far.
 * - `listsUnavailable` (none): this node cannot read the lists; it is being looked into.
 * - `frozenStale` (none): the tenant is frozen, and its lists are older than it wants to show.
 * - `ineligible` (none): there are candidates, and this customer may be offered none of them.
 * - `lowRelevance` (none): there are candidates, and none is relevant enough.
 * - `noCandidates` (none): there is no list for this customer and no fallback either, or nothing fits the filter.
 * - `newCustomer` (ok, partial): the customer is known, but has done nothing yet that a model could learn from, so the list
 *   is the one of their segment, their country or everybody.
 * - `unknownCustomer` (ok, partial): the night did not know this customer, so the list is the one of the segment or country
 *   that the caller names, or of everybody.
 * - `fewCandidates` (partial): this customer's whole list is shorter than what was asked for.
 * - `frozen` (ok): the pinned model goes on serving while the tenant has frozen it.
 */
export const STATUS_REASONS = [
  'off',
  'noModelYet',
  'listsUnavailable',
  'frozenStale',
  'ineligible',
  'lowRelevance',
  'noCandidates',
  'newCustomer',
  'unknownCustomer',
  'fewCandidates',
  'frozen',
] as const;
export type StatusReason = (typeof STATUS_REASONS)[number];

export interface RecommendedItem {
  readonly productId: string;
  readonly score: number;
  readonly source: ListSource;
  /** For a person: why this product. */
  readonly reasons: readonly string[];
  /** How the score came about, step by step; only where it was asked for. */
  readonly breakdown?: readonly LiveLine[];
}

export interface Recommendation {
  /** Echoed by feedback. */
  readonly recommendationId: string;
  /** The one version that every item comes from; null when nothing is recommended. */
  readonly modelVersion: number | null;
  readonly servedAt: string;
  readonly status: RecommendationStatus;
  readonly statusReason: StatusReason | null;
  readonly items: readonly RecommendedItem[];
}

export interface RecommendationRequest {
  /** Absent for a visitor whom nobody knows. */
  readonly customerId: string | undefined;
  readonly count: number;
  readonly country: string | undefined;
  readonly segment: string | undefined;
}
