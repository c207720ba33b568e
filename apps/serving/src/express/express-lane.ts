import { Injectable } from '@nestjs/common';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { ListReader, ServedTenant } from '#libs/domain';
import { DATA_ANSWER_HEADERS, RequestLimits, requestIdOf, type LimitState } from '#libs/http';
import { createRecommendationId, type Recommendation } from '#libs/serving';
import type { HttpTimes, Tally } from '#libs/telemetry';
import { OpenListsService } from '../lists/open-lists.service.js';
import { ServingMetrics } from '../metrics/serving-metrics.js';
import { PointerRefreshService } from '../pointers/pointer-refresh.service.js';
import { PointerTable } from '../pointers/pointer-table.js';
import { RecommendationsService } from '../recommendations/recommendations.service.js';
import { AdmittedKeys } from './admitted-keys.js';
import { isAddressOf, LOOK_UP_ROUTE, readLookUp } from './look-up-address.js';
import { isoMoment } from './iso-moment.js';
import { withMoment, writeLastingPart } from './write-recommendation.js';
import { WrittenAnswers, type WrittenAnswer } from './written-answers.js';

const FIXED_HEADERS: readonly string[] = [
  ...Object.entries(DATA_ANSWER_HEADERS).flat(),
  ...['Content-Type', 'application/json; charset=utf-8'],
];

interface Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly arrivedAt: number;
  readonly limit: LimitState;
}

/**
 * The common look-up, answered before the framework sees it: routing, guard, pipes and serialisation of the ordinary way cost
 * several times of what the answer does. It takes only what it can answer with 200 at once: a plain address, a valid key, open
 * lists. Everything else, every refusal included, goes the ordinary way, so there is one place that says no.
 */
@Injectable()
export class ExpressLane {
  private readonly keys: AdmittedKeys;
  private readonly written = new WrittenAnswers();
  private answered: Tally | undefined;

  constructor(
    private readonly table: PointerTable,
    private readonly lists: OpenListsService,
    private readonly refresher: PointerRefreshService,
    private readonly recommendations: RecommendationsService,
    private readonly metrics: ServingMetrics,
    private readonly limits: RequestLimits,
  ) {
    this.keys = new AdmittedKeys(table);
  }

  /** `ordinary` gets what is not answered here. */
  before(ordinary: RequestListener, times: HttpTimes): RequestListener {
    this.answered = times.tally('GET', LOOK_UP_ROUTE, '200');
    return (request, response) => {
      if (!this.take(request, response)) ordinary(request, response);
    };
  }

  private take(request: IncomingMessage, response: ServerResponse): boolean {
    const { url, headers } = request;
    if (request.method !== 'GET' || url === undefined || this.refresher.stopping) return false;
    const { authorization } = headers;
    if (authorization === undefined || announcesBody(request)) return false;
    const arrivedAt = performance.now();
    const now = Date.now();
    const key = this.keys.find(authorization, now);
    if (key === undefined || !key.scopes.includes('read')) return false;
    const tenant = this.table.tenantOf(key.tenantId);
    // Before anything is looked for: how long a look takes must not tell what another tenant has asked.
    if (tenant === undefined || !isAddressOf(url, tenant.slug)) return false;
    const known = this.written.get(url);
    if (known === undefined && readLookUp(url) === undefined) return false;
    const lists = this.lists.current(tenant);
    const isOpen = lists !== undefined || tenant.state === 'off' || tenant.pointer === undefined;
    // Opening a file takes a moment, and is the ordinary way's business.
    if (!isOpen) return false;
    const limit = this.limits.take(key, now, tenant.requestsPerDay);
    if (limit.code !== 'allowed') return false;
    const call = { request, response, arrivedAt, limit };
    if (
      known !== undefined &&
      known.lists === lists &&
      known.basis === this.recommendations.basis(tenant, known.customerId)
    ) {
      known.count();
      this.send(call, createRecommendationId(now), isoMoment(now), known);
      return true;
    }
    return this.write(call, tenant);
  }

  private write(call: Call, tenant: ServedTenant): boolean {
    const url = call.request.url as string;
    const lookUp = readLookUp(url);
    if (lookUp === undefined) return false;
    const { customerId, count } = lookUp;
    const lists = this.lists.current(tenant);
    const answer = this.recommendations.answer(tenant, {
      ...{ customerId, count },
      ...{ country: undefined, segment: undefined },
    });
    if (answer instanceof Promise) {
      // Lists that turned out to be damaged while they were read are replaced by those before them.
      answer.then(
        (late) => {
          const written = this.writtenAnswer(late, tenant, customerId, undefined, undefined);
          this.send(call, late.recommendationId, late.servedAt, written);
        },
        (error: Error) => call.response.destroy(error),
      );
      return true;
    }
    const basis = this.recommendations.basis(tenant, customerId);
    const written = this.writtenAnswer(answer, tenant, customerId, lists, basis);
    if (basis !== undefined) this.written.set(url, written);
    this.send(call, answer.recommendationId, answer.servedAt, written);
    return true;
  }

  private writtenAnswer(
    answer: Recommendation,
    { tenantId }: ServedTenant,
    customerId: string,
    lists: ListReader | undefined,
    basis: object | undefined,
  ): WrittenAnswer {
    const tally = this.metrics.answerTally(tenantId, answer.status, answer.statusReason);
    const lastingPart = writeLastingPart(answer);
    const bytes = Buffer.byteLength(lastingPart);
    return {
      lastingPart,
      bytes,
      customerId,
      lists,
      basis: basis ?? {},
      count: () => void tally.count++,
    };
  }

  private send(
    { request, response, arrivedAt, limit }: Call,
    recommendationId: string,
    servedAt: string,
    { lastingPart, bytes }: WrittenAnswer,
  ): void {
    const text = withMoment(recommendationId, servedAt, lastingPart);
    const requestId = requestIdOf(request.headers['x-request-id']);
    // Counted in parts: the whole is put together once, when it is written to the socket.
    const contentLength = text.length - lastingPart.length + bytes;
    response.writeHead(200, [
      ...FIXED_HEADERS,
      ...[
        'RateLimit-Policy',
        limit.policy,
        'RateLimit',
        limit.text,
        'X-Request-Id',
        requestId,
        'Content-Length',
        `${contentLength}`,
      ],
    ]);
    response.end(text, bytes === lastingPart.length ? 'latin1' : 'utf8');
    this.answered?.observe((performance.now() - arrivedAt) / 1000);
  }
}

function announcesBody({ headers }: IncomingMessage): boolean {
  return headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
}
