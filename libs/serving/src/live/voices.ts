import type { ListReader } from '#libs/domain';
import { fallbackNames } from '../fallback/find-fallback.js';
import type { CustomerProfile } from '../profile/customer-profile.js';
import type { History } from './file-model.js';
import type { LiveLists } from './live-lists.js';
import type { LiveRequest, Session } from './live-request.js';
import { matchFactsInto } from './match-facts.js';
import { toUnit, type Voice } from './score-board.js';

/** Strengths of what happens now: a purchase of one piece at the usual price counts 0.69, and now counts more than then. */
const VIEWED_VALUE = 0.3;
const BASKET_VALUE = 1;
/** Share of the session's own neighbours against the whole history with the session in it. */
const SESSION_WEIGHT = 0.6;
/** Who searches wants what was searched for first of all. */
const SEARCH_WEIGHT = 3;
const FACTS_WEIGHT = 0.5;
/** What others like says less of a stranger than anything that they say themselves. */
const GROUP_WEIGHT = 0.3;

/** Everything that speaks for products in this request. The model comes last to score, so that it can explain itself. */
export function voicesOf(
  live: LiveLists,
  reader: ListReader,
  request: LiveRequest,
  profile: CustomerProfile | undefined,
): Voice[] {
  const { session } = request;
  const voices: Voice[] = [];
  const now = sessionHistory(live, session);
  if (now.products.length > 0) {
    const scores = live.column();
    (live.neighbours ?? live.model).scoreInto(scores, now);
    voices.push({ name: 'session', weight: SESSION_WEIGHT, scores });
  }
  if (session.searched.length > 0) {
    const scores = live.column();
    for (const text of session.searched) live.text.searchInto(scores, text);
    if (toUnit(scores)) voices.push({ name: 'search', weight: SEARCH_WEIGHT, scores });
  }
  if (Object.keys(session.facts).length > 0) {
    const scores = live.column();
    if (matchFactsInto(scores, session.facts, live.catalogue))
      voices.push({ name: 'facts', weight: FACTS_WEIGHT, scores });
  }
  const scores = live.column();
  const history = joined(profile?.history, now);
  const known = history.products.length > 0;
  if (known) live.model.scoreInto(scores, history);
  else groupInto(scores, reader, request, live);
  const weight = now.products.length > 0 ? 1 - SESSION_WEIGHT : 1;
  // Last: a stranger's session says all that the model has heard, and is to be named.
  voices.push(known ? { name: 'model', weight, scores } : { name: 'group', weight: GROUP_WEIGHT, scores });
  return voices;
}

export function sessionHistory(live: LiveLists, { basket, bought, viewed }: Session): History {
  const values = new Map<number, number>();
  for (const product of live.indicesOf(viewed)) values.set(product, VIEWED_VALUE);
  for (const product of live.indicesOf([...basket, ...bought])) values.set(product, BASKET_VALUE);
  return toHistory(values);
}

/** A product that comes twice counts with the sum. */
function joined(before: History | undefined, now: History): History {
  if (before === undefined) return now;
  if (now.products.length === 0) return before;
  const values = new Map<number, number>();
  for (const { products, values: of } of [before, now])
    products.forEach((product, i) => values.set(product, (values.get(product) ?? 0) + of[i]));
  return toHistory(values);
}

function toHistory(values: ReadonlyMap<number, number>): History {
  const sorted = [...values].sort(([a], [b]) => a - b);
  return {
    products: Int32Array.from(sorted, ([product]) => product),
    values: Float32Array.from(sorted, ([, value]) => value),
  };
}

/** For whoever has no history: what is popular in their segment or country, or with everybody. */
function groupInto(scores: Float64Array, reader: ListReader, request: LiveRequest, live: LiveLists): void {
  const { customerId } = request;
  const own = customerId === undefined ? undefined : reader.fallbackOf(customerId);
  const names = [...(own === undefined ? [] : [own]), ...fallbackNames(request)];
  for (const name of names) {
    const list = reader.fallbackColumns(name);
    if (list === undefined || list.products.length === 0) continue;
    list.products.forEach((product, place) => (scores[product] = list.scores[place]));
    break;
  }
  if (!toUnit(scores)) live.catalogue.popularity.forEach((value, p) => (scores[p] = value));
  toUnit(scores);
}
