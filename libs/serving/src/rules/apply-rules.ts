import { LIST_SOURCES, type PackedList } from '#libs/domain';
import type { CompiledRules } from './compile-rules.js';
import { isMeant, type RuledCustomer } from './match-customer.js';

/** How often a customer was offered a product today, as far as this node knows. */
export interface OfferCounts {
  today(product: number): number;
}

export interface RuledList extends PackedList {
  /** What was taken out, and why: an empty list has to say. */
  readonly ineligible: number;
  readonly irrelevant: number;
  /** Factor by which rules have multiplied the score, by product; only of those that they touched. */
  readonly factors: ReadonlyMap<number, number>;
}

export const PINNED = LIST_SOURCES.indexOf('pinned');

/**
 * A list under the tenant's rules: what may not be offered goes, boosts multiply, what is not relevant enough goes, and pinned
 * products take their places. Best first, as before.
 * @param best score that minimum relevance counts from
 */
export function applyRules(
  list: PackedList,
  rules: CompiledRules,
  customer: RuledCustomer,
  counts?: OfferCounts,
  best: number = list.scores[0] ?? 0,
): RuledList {
  const mayHave = eligibility(rules, customer, counts);
  const factors = new Map<number, number>();
  const boosts = rules.boosts.filter(({ rule }) => isMeant(customer, rule.customers));
  const kept: Entry[] = [];
  list.products.forEach((product, place) => {
    if (!mayHave(product)) return;
    const factor = boosts.reduce(
      (f, { rule, products }) => (products[product] === 1 ? f * rule.factor : f),
      1,
    );
    if (factor !== 1) factors.set(product, factor);
    kept.push({ product, score: boosted(list.scores[place], factor), source: list.sources[place] });
  });
  const ineligible = list.products.length - kept.length;
  // Stable: equal scores keep their order, and without boosts nothing moves.
  if (factors.size > 0) kept.sort((a, b) => b.score - a.score);
  const relevant = dropIrrelevant(kept, best, rules, customer);
  const irrelevant = kept.length - relevant.length;
  pin(relevant, rules, customer, mayHave);
  return {
    products: Int32Array.from(relevant, ({ product }) => product),
    scores: Float32Array.from(relevant, ({ score }) => score),
    sources: Uint8Array.from(relevant, ({ source }) => source),
    ...{ ineligible, irrelevant, factors },
  };
}

interface Entry {
  readonly product: number;
  readonly score: number;
  readonly source: number;
}

/** A boost raises whatever the sign: scores below zero come nearer to it. */
function boosted(score: number, factor: number): number {
  return score < 0 ? score / factor : score * factor;
}

/** Whether rules and retirements keep no product from anybody: then there is nothing to ask for each. */
export function isOpenToAll({ hidden, filters, forbidden, caps }: CompiledRules): boolean {
  return hidden === undefined && filters.length + forbidden.length + caps.length === 0;
}

/** Whether this customer may be offered a product at all. */
export function eligibility(
  { hidden, filters, forbidden, caps }: CompiledRules,
  customer: RuledCustomer,
  counts?: OfferCounts,
): (product: number) => boolean {
  const against = filters
    .filter(({ customers, hiddenFrom }) => isMeant(customer, customers) === (hiddenFrom === 'meant'))
    .map(({ products }) => products);
  const owned = forbidden.length === 0 ? [] : [...customer.owned];
  for (const { products, together } of forbidden)
    if (owned.some((p) => together[p] === 1)) against.push(products);
  const isCapped = (product: number) =>
    counts !== undefined &&
    caps.some(({ rule, products }) => products[product] === 1 && counts.today(product) >= rule.perCustomer);
  return (product) =>
    hidden?.[product] !== 1 && !against.some((products) => products[product] === 1) && !isCapped(product);
}

/** The best score counts before anything was taken out: where only the tail is left, nothing may be relevant enough. */
function dropIrrelevant(
  kept: readonly Entry[],
  best: number,
  { minimums }: CompiledRules,
  customer: RuledCustomer,
): Entry[] {
  const shares = minimums.filter(({ customers }) => isMeant(customer, customers)).map(({ share }) => share);
  const least = Math.max(0, ...shares) * best;
  return least > 0 ? kept.filter(({ score }) => score >= least) : [...kept];
}

/** In the order of their places; the score of a pinned product is that of the place's neighbour. */
function pin(
  entries: Entry[],
  { pins }: CompiledRules,
  customer: RuledCustomer,
  mayHave: (product: number) => boolean,
): void {
  const wanted = pins
    .filter(({ rule, product }) => isMeant(customer, rule.customers) && mayHave(product))
    .sort((a, b) => a.rule.position - b.rule.position);
  for (const { rule, product } of wanted) {
    const before = entries.findIndex((entry) => entry.product === product);
    if (before >= 0) entries.splice(before, 1);
    const place = Math.min(rule.position - 1, entries.length);
    const score = entries[place]?.score ?? entries.at(-1)?.score ?? 1;
    entries.splice(place, 0, { product, score, source: PINNED });
  }
}
