import { Injectable } from '@nestjs/common';
import { NightshiftError, type ServedTenant, type TenantId } from '#libs/domain';
import {
  NO_SESSION,
  recommend,
  recommendNow,
  recommendStored,
  type LiveRequest,
  type Recommendation,
  type RecommendationRequest,
  type ServedState,
} from '#libs/serving';
import { OpenListsService } from '../lists/open-lists.service.js';
import { ServingMetrics } from '../metrics/serving-metrics.js';
import { OfferingsService } from '../offerings/offerings.service.js';
import { PointerTable } from '../pointers/pointer-table.js';
import { catalogueOf, createBasis, type Basis } from './basis.js';
import { DailyOffers } from './daily-offers.js';
import { OpenLiveLists } from './open-live-lists.js';
import { joinSession, SessionMemory } from './session-memory.js';

/** No file knows this id, because no id may hold a control character: whoever was erased is a stranger, no more and no less. */
const NOBODY = '\u0000';

/** A look-up, or a request with news. */
export type AnyRequest = RecommendationRequest & Partial<LiveRequest>;

@Injectable()
export class RecommendationsService {
  private readonly bases = new Map<TenantId, Basis>();
  private readonly offers = new DailyOffers();

  constructor(
    private readonly lists: OpenListsService,
    private readonly metrics: ServingMetrics,
    private readonly offerings: OfferingsService,
    private readonly live: OpenLiveLists,
    private readonly sessions: SessionMemory,
    private readonly table: PointerTable,
  ) {}

  /** Synchronous once the tenant's file is open: only the first request after a start or an eviction waits for it. */
  answer(tenant: ServedTenant, request: AnyRequest): Recommendation | Promise<Recommendation> {
    const needsLists = tenant.state !== 'off' && tenant.pointer !== undefined;
    if (!needsLists || this.lists.current(tenant) !== undefined) return this.answerNow(tenant, request);
    return this.answerAfterOpening(tenant, request);
  }

  /**
   * What an answer rests on beside its lists: as long as this is the same object, the same question has the same answer, and the
   * express lane may give a written one again. Undefined: each request must be decided anew. Whatever answers come to depend on
   * (rules, settings, the hour) belongs in here.
   */
  basis(tenant: ServedTenant, customerId: string): object | undefined {
    if (this.sessions.of(tenant.tenantId, customerId) !== undefined) return undefined;
    if (this.table.isErased(tenant.tenantId, customerId)) return undefined;
    if (tenant.state === 'on' && this.offerings.of(tenant.tenantId) === undefined) return tenant;
    const basis = this.basisOf(tenant, Date.now());
    return basis.rules !== undefined && basis.rules.caps.length > 0 ? undefined : basis;
  }

  private basisOf(tenant: ServedTenant, now: number): Basis {
    const { tenantId } = tenant;
    const known = this.bases.get(tenantId);
    const lists = this.lists.current(tenant);
    const offering = this.offerings.of(tenantId);
    const holds =
      known !== undefined &&
      known.tenant === tenant &&
      known.lists === lists &&
      known.offering === offering &&
      now < known.validUntil;
    if (holds) return known;
    const basis = createBasis(tenant, lists, offering, now);
    this.bases.set(tenantId, basis);
    return basis;
  }

  private answerNow(tenant: ServedTenant, request: AnyRequest): Recommendation | Promise<Recommendation> {
    const lists = this.lists.current(tenant);
    let answer: Recommendation;
    try {
      answer = this.decide(tenant, request, Date.now());
    } catch (error) {
      if (lists === undefined || !isCorruption(error)) throw error;
      this.lists.dropCorrupt(tenant, lists, error);
      // Ends: each turn takes one file out of the choice, and without any the answer is `listsUnavailable`.
      return this.answerAfterOpening(tenant, request);
    }
    this.metrics.answerTally(tenant.tenantId, answer.status, answer.statusReason).count++;
    return answer;
  }

  private decide(tenant: ServedTenant, asked: AnyRequest, now: number): Recommendation {
    const { tenantId, state, pointer } = tenant;
    const isErased = this.table.isErased(tenantId, asked.customerId);
    const request = isErased ? { ...asked, customerId: NOBODY } : asked;
    const { customerId } = request;
    const { lists, rules, offering, frozenStaleDays } = this.basisOf(tenant, now);
    const isCapped = customerId !== undefined && rules !== undefined && rules.caps.length > 0;
    const served: ServedState = {
      ...{ state, promoted: pointer !== undefined, lists, rules, frozenStaleDays },
      servedSince: pointer?.movedAt.getTime(),
      counts:
        isCapped && lists !== undefined
          ? this.offers.countsOf(tenantId, customerId, lists.header.productIds, now)
          : undefined,
    };
    const withNews = this.withNews(tenantId, request);
    const live = withNews && lists && this.live.of(tenant, lists, offering?.reranking);
    const answer =
      withNews === undefined
        ? recommend(served, request, now)
        : live === undefined
          ? recommendStored(served, lists && catalogueOf(lists), withNews, now)
          : recommendNow(served, live, withNews, now);
    if (isCapped) {
      const productIds = answer.items.map((item) => item.productId);
      this.offers.note(tenantId, customerId, productIds, now);
    }
    return answer;
  }

  /** Undefined when a stored list says all: nothing new is known, and nothing special is asked. */
  private withNews(tenantId: TenantId, request: AnyRequest): LiveRequest | undefined {
    const { customerId, session, excludeProductIds, filter, diversity, explain = false } = request;
    const visit = customerId === undefined ? undefined : this.sessions.of(tenantId, customerId);
    const asks = session ?? excludeProductIds ?? filter ?? diversity ?? visit;
    if (asks === undefined && !explain) return undefined;
    return {
      ...request,
      ...{ filter, diversity, explain, excludeProductIds: excludeProductIds ?? [] },
      session: joinSession(session ?? NO_SESSION, visit),
    };
  }

  private async answerAfterOpening(tenant: ServedTenant, request: AnyRequest): Promise<Recommendation> {
    await this.lists.prepare(tenant);
    return this.answerNow(tenant, request);
  }
}

function isCorruption(error: unknown): boolean {
  return error instanceof NightshiftError && error.code === 'listFileCorrupt';
}
