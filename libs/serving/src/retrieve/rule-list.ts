import type { ListReader, PackedList } from '#libs/domain';
import type { RecommendationRequest } from '../answer/recommendation.js';
import { fallbackNames } from '../fallback/find-fallback.js';
import { decodeProfile } from '../profile/customer-profile.js';
import { applyRules, type OfferCounts, type RuledList } from '../rules/apply-rules.js';
import type { CompiledRules } from '../rules/compile-rules.js';
import type { RuledCustomer } from '../rules/match-customer.js';
import type { ListOrigin } from './retrieve-list.js';

const EMPTY: PackedList = {
  products: new Int32Array(0),
  scores: new Float32Array(0),
  sources: new Uint8Array(0),
};

/** A stored list under rules that look at the customer or rearrange: all of it is read, not only the head. */
export function ruleList(
  lists: ListReader,
  request: RecommendationRequest,
  rules: CompiledRules,
  counts: OfferCounts | undefined,
): { readonly list: RuledList; readonly origin: ListOrigin } {
  const { customer, origin, candidates } = storedCandidates(lists, request);
  let list: RuledList | undefined;
  for (const columns of candidates) {
    const ruled = applyRules(columns, rules, customer, counts);
    if (ruled.products.length > 0) return { list: ruled, origin };
    // Why the narrowest group got nothing is the reason.
    list ??= ruled;
  }
  return { list: list ?? applyRules(EMPTY, rules, customer, counts), origin };
}

export interface StoredCandidates {
  readonly customer: RuledCustomer;
  readonly origin: ListOrigin;
  /** Whole lists: the own one, or those of the groups, narrowest first. */
  readonly candidates: Iterable<PackedList>;
}

/** The lists that rules are laid over, and the customer as they see them. */
export function storedCandidates(lists: ListReader, request: RecommendationRequest): StoredCandidates {
  const { customerId, country, segment } = request;
  const bytes = customerId === undefined ? undefined : lists.profile(customerId);
  const profile = bytes && decodeProfile(bytes, lists.header.productIds.length);
  const given = {
    ...(country === undefined ? {} : { country }),
    ...(segment === undefined ? {} : { segment }),
  };
  const customer = {
    customerId,
    traits: { ...given, ...profile?.traits },
    owned: profile?.products ?? [],
  };
  const own = customerId === undefined ? undefined : lists.customerColumns(customerId);
  if (own !== undefined) return { customer, origin: 'own', candidates: [own] };
  const chosen = customerId === undefined ? undefined : lists.fallbackOf(customerId);
  const origin = chosen === undefined ? 'unknownCustomer' : 'newCustomer';
  const names = [...(chosen === undefined ? [] : [chosen]), ...fallbackNames(request)];
  return { customer, origin, candidates: columnsOf(lists, names) };
}

function* columnsOf(lists: ListReader, names: readonly string[]): Iterable<PackedList> {
  for (const name of names) {
    const columns = lists.fallbackColumns(name);
    if (columns !== undefined) yield columns;
  }
}
