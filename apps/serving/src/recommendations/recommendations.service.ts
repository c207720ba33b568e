import { Injectable } from '@nestjs/common';
import { NightshiftError, type ServedTenant } from '#libs/domain';
import { recommend, type Recommendation, type RecommendationRequest } from '#libs/serving';
import { OpenListsService } from '../lists/open-lists.service.js';
import { ServingMetrics } from '../metrics/serving-metrics.js';

@Injectable()
export class RecommendationsService {
  constructor(
    private readonly lists: OpenListsService,
    private readonly metrics: ServingMetrics,
  ) {}

  /** Synchronous once the tenant's file is open: only the first request after a start or an eviction waits for it. */
  answer(tenant: ServedTenant, request: RecommendationRequest): Recommendation | Promise<Recommendation> {
    const needsLists = tenant.state !== 'off' && tenant.pointer !== undefined;
    if (!needsLists || this.lists.current(tenant) !== undefined) return this.answerNow(tenant, request);
    return this.answerAfterOpening(tenant, request);
  }

  /**
   * What an answer rests on beside its lists: as long as this is the same object, the same question has the same answer, and the
   * express lane may give a written one again. Undefined: each request must be decided anew. Whatever answers come to depend on
   * (rules, settings, the hour) belongs in here.
   */
  basis(tenant: ServedTenant): object | undefined {
    return tenant;
  }

  private answerNow(
    tenant: ServedTenant,
    request: RecommendationRequest,
  ): Recommendation | Promise<Recommendation> {
    const lists = this.lists.current(tenant);
    const served = { state: tenant.state, promoted: tenant.pointer !== undefined, lists };
    let answer: Recommendation;
    try {
      answer = recommend(served, request, Date.now());
    } catch (error) {
      if (lists === undefined || !isCorruption(error)) throw error;
      this.lists.dropCorrupt(tenant, lists, error);
      // Ends: each turn takes one file out of the choice, and without any the answer is `listsUnavailable`.
      return this.answerAfterOpening(tenant, request);
    }
    this.metrics.answerTally(answer.status, answer.statusReason).count++;
    return answer;
  }

  private async answerAfterOpening(
    tenant: ServedTenant,
    request: RecommendationRequest,
  ): Promise<Recommendation> {
    await this.lists.prepare(tenant);
    return this.answerNow(tenant, request);
  }
}

function isCorruption(error: unknown): boolean {
  return error instanceof NightshiftError && error.code === 'listFileCorrupt';
}
