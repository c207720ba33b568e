import { TopSelector } from '#libs/algorithms';
import { LIST_SOURCES, type ListReader, type ListSource, type PackedList } from '#libs/domain';
import { decodeProfile, type CustomerProfile } from '../profile/customer-profile.js';
import { STRANGER, type CustomerView } from '../rerank/product-columns.js';
import type { BreakdownLine } from '../rerank/reranker.js';
import { applyRules, eligibility, isOpenToAll, type OfferCounts } from '../rules/apply-rules.js';
import type { CompiledRules } from '../rules/compile-rules.js';
import type { RuledCustomer } from '../rules/match-customer.js';
import { selectProducts } from '../rules/select-products.js';
import type { LiveLists } from './live-lists.js';
import type { LiveRequest } from './live-request.js';
import { BUDGET_FACT } from './match-facts.js';
import { loudest, sumInto, type Voice } from './score-board.js';
import { voicesOf } from './voices.js';

export interface LiveLine {
  readonly step: BreakdownLine['step'] | Voice['name'] | 'rules';
  readonly score: number;
  readonly factor?: number;
}

export interface LiveList extends PackedList {
  readonly profile: CustomerProfile | undefined;
  readonly ineligible: number;
  readonly irrelevant: number;
  /** By product, of all candidates: also of those that have not made it; only when asked for. */
  readonly breakdown: ReadonlyMap<number, readonly LiveLine[]> | undefined;
}

/** Rules may take some away and pins need neighbours: more than asked for is ranked. */
const SPARE_PLACES = 50;

/**
 * A list for this moment: what the customer has just done is folded into the promoted model, its neighbours, searches and facts
 * have their say, and the same re-ranking as at night and the tenant's rules follow. An exact scan of all products: some hundred
 * microseconds at 10,000 products and 64 factors.
 */
export function recommendLive(
  live: LiveLists,
  reader: ListReader,
  request: LiveRequest,
  rules: CompiledRules,
  nowMs: number,
  counts?: OfferCounts,
): LiveList {
  live.begin();
  const { customerId, session, count } = request;
  const bytes = customerId === undefined ? undefined : reader.profile(customerId);
  const profile = bytes && decodeProfile(bytes, live.productIds.length);
  const basket = live.indicesOf([...session.basket, ...session.bought]);
  const customer: RuledCustomer = {
    customerId,
    traits: { ...givenTraits(request), ...profile?.traits, ...session.facts },
    owned: [...(profile?.products ?? []), ...basket],
  };
  const voices = voicesOf(live, reader, request, profile);
  const scores = live.column();
  sumInto(scores, voices);
  const { closed, ineligible } = closedProducts(
    live,
    request,
    profile,
    isOpenToAll(rules) ? undefined : eligibility(rules, customer, counts),
  );
  const candidates = topCandidates(
    live,
    scores,
    closed,
    Math.max(live.settings.candidates, count + SPARE_PLACES),
  );
  const reranked = live.reranker.rerank(candidates, viewOf(live, profile, basket), {
    count: count + SPARE_PLACES,
    nowSeconds: nowMs / 1000,
    diversity: request.diversity,
    explain: request.explain,
  });
  const products = reranked.products.slice(0, reranked.count);
  const list: PackedList = {
    products,
    scores: Float32Array.from(reranked.scores.subarray(0, reranked.count)),
    sources: Uint8Array.from(products, (product) => sourceOf(live, voices, product, session)),
  };
  const best = bestScore(list, scores, closed);
  const ruled = applyRules(list, { ...rules, hidden: closed }, customer, undefined, best);
  return {
    products: ruled.products.slice(0, count),
    scores: ruled.scores.slice(0, count),
    sources: ruled.sources.slice(0, count),
    profile,
    ineligible: ineligible + ruled.ineligible,
    irrelevant: ruled.irrelevant,
    breakdown: reranked.breakdown && joinedLines(voices, reranked.breakdown, ruled),
  };
}

/** What the best product would score in this list, were none closed. */
function bestScore(list: PackedList, scores: Float64Array, closed: Uint8Array): number {
  let [open, all] = [0, 0];
  for (let p = 0; p < scores.length; p++) {
    if (scores[p] > all) all = scores[p];
    if (closed[p] === 0 && scores[p] > open) open = scores[p];
  }
  return open > 0 ? ((list.scores[0] ?? 0) * all) / open : all;
}

function givenTraits({ country, segment }: LiveRequest): Record<string, string> {
  return { ...(country === undefined ? {} : { country }), ...(segment === undefined ? {} : { segment }) };
}

/** A stranger's price level is that of the basket. */
function viewOf(
  { catalogue }: LiveLists,
  profile: CustomerProfile | undefined,
  basket: readonly number[],
): CustomerView {
  const view = profile ?? STRANGER;
  if (!Number.isNaN(view.meanPrice)) return view;
  const prices = basket.map((product) => catalogue.columns.price[product]).filter((price) => price > 0);
  if (prices.length === 0) return view;
  return { ...view, meanPrice: prices.reduce((sum, price) => sum + price, 0) / prices.length };
}

/** Products that cannot be in this answer: 1 = closed. */
function closedProducts(
  live: LiveLists,
  { session, excludeProductIds, filter }: LiveRequest,
  profile: CustomerProfile | undefined,
  mayHave: ((product: number) => boolean) | undefined,
): { closed: Uint8Array; ineligible: number } {
  const { sold, columns, repeatPurchases } = live.catalogue;
  const { closed } = live;
  for (let product = 0; product < sold.length; product++) closed[product] = 1 - sold[product];
  const away = [...excludeProductIds, ...session.basket, ...session.bought, ...session.rejected];
  for (const product of live.indicesOf(away)) closed[product] = 1;
  if (!repeatPurchases) profile?.products.forEach((product) => (closed[product] = 1));
  if (filter !== undefined) {
    const picked = selectProducts(live.productIds, live.catalogue, filter);
    picked.forEach((isPicked, product) => (closed[product] |= 1 - isPicked));
  }
  const budget = session.facts[BUDGET_FACT];
  if (typeof budget === 'number')
    columns.price.forEach((price, product) => (closed[product] |= price > budget ? 1 : 0));
  let ineligible = 0;
  if (mayHave === undefined) return { closed, ineligible };
  for (let product = 0; product < closed.length; product++) {
    if (closed[product] === 1 || mayHave(product)) continue;
    closed[product] = 1;
    ineligible++;
  }
  return { closed, ineligible };
}

function topCandidates(live: LiveLists, scores: Float64Array, closed: Uint8Array, most: number) {
  const selector = new TopSelector(most);
  for (let p = 0; p < scores.length; p++)
    if (closed[p] === 0 && scores[p] !== 0) selector.offer(scores[p], p);
  const products = new Int32Array(most);
  const kept = new Float32Array(most);
  let count = selector.drainInto(products, kept, 0);
  if (count < most) count = fillUp(live, { products, scores: kept }, count, scores, closed);
  return { count, products, scores: kept };
}

/** Where too little is known for a full list, what is popular follows, behind everything else. */
function fillUp(
  { catalogue }: LiveLists,
  list: { products: Int32Array; scores: Float32Array },
  count: number,
  scores: Float64Array,
  closed: Uint8Array,
): number {
  const { popularity } = catalogue;
  const selector = new TopSelector(list.products.length - count);
  let best = 0;
  for (let p = 0; p < scores.length; p++) {
    if (closed[p] === 1 || scores[p] !== 0) continue;
    selector.offer(popularity[p], p);
    best = Math.max(best, popularity[p]);
  }
  const end = count + selector.drainInto(list.products, list.scores, count);
  const last = count === 0 ? 1 : list.scores[count - 1];
  for (let i = count; i < end; i++) {
    const share = best > 0 ? list.scores[i] / best : 0;
    // Behind everything else, and never zero, because zero means hidden.
    list.scores[i] = last > 0 ? last * (1e-6 + 0.01 * share) : last - 1e-3 * (2 - share);
  }
  return end;
}

function sourceOf(
  live: LiveLists,
  voices: readonly Voice[],
  product: number,
  session: LiveRequest['session'],
): number {
  const { name, scores } = loudest(voices, product);
  return LIST_SOURCES.indexOf(scores[product] > 0 ? nameOf(live, name, product, session) : 'popularity');
}

function nameOf(
  live: LiveLists,
  voice: Voice['name'],
  product: number,
  session: LiveRequest['session'],
): ListSource {
  if (voice === 'session') return session.basket.length + session.bought.length > 0 ? 'basket' : 'viewed';
  if (voice === 'search') return 'search';
  if (voice === 'facts') return 'profile';
  return voice === 'group' ? 'popularity' : (live.model.sourceOf(product) as ListSource);
}

function joinedLines(
  voices: readonly Voice[],
  reranked: ReadonlyMap<number, readonly BreakdownLine[]>,
  { products, scores, factors }: Pick<ReturnType<typeof applyRules>, 'products' | 'scores' | 'factors'>,
): ReadonlyMap<number, readonly LiveLine[]> {
  const lines = new Map<number, LiveLine[]>();
  const placeOf = new Map(Array.from(products, (product, place) => [product, place]));
  for (const product of new Set([...products, ...reranked.keys()])) {
    let sum = 0;
    const spoken = voices.flatMap(({ name, weight, scores: of }) => {
      sum += weight * of[product];
      return of[product] === 0 ? [] : [{ step: name, score: sum }];
    });
    // The first line of re-ranking repeats the sum.
    const steps = (reranked.get(product) ?? []).slice(1);
    const factor = factors.get(product);
    const place = placeOf.get(product);
    const ruled =
      factor === undefined || place === undefined
        ? []
        : [{ step: 'rules' as const, score: scores[place], factor }];
    lines.set(product, [...spoken, ...steps, ...ruled]);
  }
  return lines;
}
