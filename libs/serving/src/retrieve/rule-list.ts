import type { ListReader, PackedList } from '#libs/domain';
import type { RecommendationRequest } from '../answer/recommendation.js';
import { fallbackNames } from '../fallback/find-fallback.js';
import { decodeProfile } from '../profile/customer-profile.js';
import { applyRules, type OfferCounts, type RuledList } from '../rules/apply-rules.js';
import type { CompiledRules } from '../rules/compile-rules.js';
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
  if (own !== undefined) return { list: applyRules(own, rules, customer, counts), origin: 'own' };
  const chosen = customerId === undefined ? undefined : lists.fallbackOf(customerId);
  const origin = chosen === undefined ? 'unknownCustomer' : 'newCustomer';
  let list: RuledList | undefined;
  for (const name of [...(chosen === undefined ? [] : [chosen]), ...fallbackNames(request)]) {
    const columns = lists.fallbackColumns(name);
    if (columns === undefined) continue;
    const ruled = applyRules(columns, rules, customer, counts);
    if (ruled.products.length > 0) return { list: ruled, origin };
    // Why the narrowest group got nothing is the reason.
    list ??= ruled;
  }
  return { list: list ?? applyRules(EMPTY, rules, customer, counts), origin };
}
