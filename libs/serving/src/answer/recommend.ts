import type { LifecycleState, ListReader, RankedListEntry } from '#libs/domain';
import { explainSource } from '../explain/explain-source.js';
import { retrieveList, type RetrievedList } from '../retrieve/retrieve-list.js';
import { createRecommendationId } from './recommendation-id.js';
import type {
  Recommendation,
  RecommendationRequest,
  RecommendationStatus,
  RecommendedItem,
  StatusReason,
} from './recommendation.js';

/** What the tenant serves at this moment. */
export interface ServedState {
  readonly state: LifecycleState;
  /** Whether a model of this tenant has ever been promoted. */
  readonly promoted: boolean;
  /** The open lists of one version; undefined when nothing was promoted or the file cannot be read. */
  readonly lists: ListReader | undefined;
}

/** One answer, from the lists of one version. Synchronous: `lists` cannot be closed or swapped meanwhile. */
export function recommend(served: ServedState, request: RecommendationRequest, now: number): Recommendation {
  if (served.state === 'off') return nothing('off', now);
  if (!served.promoted) return nothing('noModelYet', now);
  if (served.lists === undefined) return nothing('listsUnavailable', now);
  const { entries, origin } = retrieveList(served.lists, request);
  if (entries.length === 0) return nothing('noCandidates', now);
  const status = entries.length < request.count ? 'partial' : 'ok';
  return {
    recommendationId: createRecommendationId(now),
    modelVersion: served.lists.header.modelVersion,
    servedAt: new Date(now).toISOString(),
    status,
    statusReason: reasonFor(status, origin, served.state),
    items: entries.map(toItem),
  };
}

/** One reason at a time: whose list it is says more than its length, and that more than how old its model may grow. */
function reasonFor(
  status: RecommendationStatus,
  origin: RetrievedList['origin'],
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

function toItem(entry: RankedListEntry): RecommendedItem {
  return {
    productId: entry.productId,
    // Stored as a 32-bit float: digits beyond the sixth are noise, and would double the answer's size.
    score: Math.round(entry.score * 1e6) / 1e6,
    source: entry.source,
    reasons: explainSource(entry.source),
  };
}
