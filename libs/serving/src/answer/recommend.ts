import {
  LIST_SOURCES,
  type LifecycleState,
  type ListReader,
  type PackedList,
  type RankedListEntry,
} from '#libs/domain';
import { explainSource } from '../explain/explain-source.js';
import type { LiveLists } from '../live/live-lists.js';
import type { LiveRequest } from '../live/live-request.js';
import { recommendLive } from '../live/recommend-live.js';
import { retrieveList, type ListOrigin } from '../retrieve/retrieve-list.js';
import { ruleList } from '../retrieve/rule-list.js';
import type { OfferCounts } from '../rules/apply-rules.js';
import { closeProducts } from '../rules/close-products.js';
import { compileRules, type CompiledRules } from '../rules/compile-rules.js';
import type { SelectableProducts } from '../rules/select-products.js';
import { createRecommendationId } from './recommendation-id.js';
import type {
  Recommendation,
  RecommendationRequest,
  RecommendationStatus,
  RecommendedItem,
  StatusReason,
} from './recommendation.js';

const DAY_MS = 86_400_000;

/** What the tenant serves at this moment. */
export interface ServedState {
  readonly state: LifecycleState;
  /** Whether a model of this tenant has ever been promoted. */
  readonly promoted: boolean;
  /** The open lists of one version; undefined when nothing was promoted or the file cannot be read. */
  readonly lists: ListReader | undefined;
  /** Rules and retirements for these lists; undefined: there are none. */
  readonly rules?: CompiledRules;
  /** When these lists began to be served, epoch milliseconds, and how old a frozen tenant lets them become. */
  readonly servedSince?: number;
  readonly frozenStaleDays?: number;
  readonly counts?: OfferCounts;
}

/** One answer, from the lists of one version. Synchronous: `lists` cannot be closed or swapped meanwhile. */
export function recommend(served: ServedState, request: RecommendationRequest, now: number): Recommendation {
  const { lists, rules } = served;
  const closed = closedReason(served, now);
  if (closed !== undefined || lists === undefined) return nothing(closed ?? 'listsUnavailable', now);
  if (rules !== undefined && !rules.isPlain) {
    const { list, origin } = ruleList(lists, request, rules, served.counts);
    if (list.products.length === 0) return nothing(emptyReason(list), now);
    return answer(served, lists, request.count, origin, toItems(list, lists, request.count), now);
  }
  const { entries, origin } = retrieveList(lists, request, rules?.hidden);
  if (entries.length === 0) {
    const all = rules?.hidden === undefined ? 0 : retrieveList(lists, request).entries.length;
    return nothing(all > 0 ? 'ineligible' : 'noCandidates', now);
  }
  return answer(served, lists, request.count, origin, entries.map(toItem), now);
}

const NO_RULES = compileRules({ rules: [], retired: [] }, [], undefined, 0);

/**
 * The same for a request with news where the file has no model to compute with: the stored list, without what the request
 * keeps out.
 */
export function recommendStored(
  served: ServedState,
  catalogue: SelectableProducts | undefined,
  request: LiveRequest,
  now: number,
): Recommendation {
  const { lists, rules = NO_RULES } = served;
  if (lists === undefined) return recommend(served, request, now);
  const { session, excludeProductIds, filter } = request;
  const away = [...excludeProductIds, ...session.basket, ...session.bought, ...session.rejected];
  const closed = closeProducts(rules, lists.header.productIds, catalogue, { productIds: away, filter });
  return recommend({ ...served, rules: closed }, request, now);
}

/** The same for a request that brings news: computed now, from the model and the catalogue of the same file. */
export function recommendNow(
  served: ServedState,
  live: LiveLists,
  request: LiveRequest,
  now: number,
): Recommendation {
  const { lists, rules = NO_RULES } = served;
  const closed = closedReason(served, now);
  if (closed !== undefined || lists === undefined) return nothing(closed ?? 'listsUnavailable', now);
  const list = recommendLive(live, lists, request, rules, now, served.counts);
  if (list.products.length === 0) return nothing(emptyReason(list), now);
  const hasHistory = list.profile !== undefined && list.profile.history.products.length > 0;
  const isKnown = list.profile !== undefined || isKnownTo(lists, request.customerId);
  const origin = hasHistory ? 'own' : isKnown ? 'newCustomer' : 'unknownCustomer';
  const items = toItems(list, lists, request.count).map((item, place) => {
    const lines = list.breakdown?.get(list.products[place]);
    return lines === undefined ? item : { ...item, breakdown: lines.map(rounded) };
  });
  return answer(served, lists, request.count, origin, items, now);
}

function closedReason(
  { state, promoted, lists, servedSince, frozenStaleDays }: ServedState,
  now: number,
): StatusReason | undefined {
  if (state === 'off') return 'off';
  if (!promoted) return 'noModelYet';
  if (lists === undefined) return 'listsUnavailable';
  if (state !== 'frozen' || servedSince === undefined || frozenStaleDays === undefined) return undefined;
  return now - servedSince > frozenStaleDays * DAY_MS ? 'frozenStale' : undefined;
}

function isKnownTo(lists: ListReader, customerId: string | undefined): boolean {
  return customerId !== undefined && lists.fallbackOf(customerId) !== undefined;
}

/** Who was too irrelevant was eligible: that says more. */
function emptyReason({ ineligible, irrelevant }: { ineligible: number; irrelevant: number }): StatusReason {
  if (irrelevant > 0) return 'lowRelevance';
  return ineligible > 0 ? 'ineligible' : 'noCandidates';
}

function answer(
  { state }: ServedState,
  lists: ListReader,
  count: number,
  origin: ListOrigin,
  items: readonly RecommendedItem[],
  now: number,
): Recommendation {
  const status = items.length < count ? 'partial' : 'ok';
  return {
    recommendationId: createRecommendationId(now),
    modelVersion: lists.header.modelVersion,
    servedAt: new Date(now).toISOString(),
    status,
    statusReason: reasonFor(status, origin, state),
    items,
  };
}

/** One reason at a time: whose list it is says more than its length, and that more than how old its model may grow. */
function reasonFor(
  status: RecommendationStatus,
  origin: ListOrigin,
  state: LifecycleState,
): StatusReason | null {
  if (origin !== 'own') return origin;
  if (status === 'partial') return 'fewCandidates';
  return state === 'frozen' ? 'frozen' : null;
}

/** "Recommend nothing" is an answer too: it has an id, so that what happened without us can be told apart. */
function nothing(statusReason: StatusReason, now: number): Recommendation {
  return {
    recommendationId: createRecommendationId(now),
    modelVersion: null,
    servedAt: new Date(now).toISOString(),
    status: 'none',
    statusReason,
    items: [],
  };
}

function toItems(
  { products, scores, sources }: PackedList,
  lists: ListReader,
  count: number,
): RecommendedItem[] {
  return Array.from(products.subarray(0, count), (product, place) =>
    toItem({
      productId: lists.header.productIds[product],
      score: scores[place],
      source: LIST_SOURCES[sources[place]],
    }),
  );
}

function toItem(entry: RankedListEntry): RecommendedItem {
  return {
    productId: entry.productId,
    // Stored as a 32-bit float: digits beyond the sixth are noise, and would double the answer's size.
    score: sixDigits(entry.score),
    source: entry.source,
    reasons: explainSource(entry.source),
  };
}

function rounded<L extends { score: number; factor?: number }>(line: L): L {
  const { score, factor } = line;
  return { ...line, score: sixDigits(score), ...(factor === undefined ? {} : { factor: sixDigits(factor) }) };
}

function sixDigits(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
