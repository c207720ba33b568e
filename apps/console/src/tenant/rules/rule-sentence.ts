import { momentText } from '../../parts/moment-text.js';
import {
  isReadable,
  type CustomerSelector,
  type ProductSelector,
  type Rule,
  type Traits,
} from './rule-types.js';

export interface SentenceContext {
  readonly timeZone: string;
  /** Names of products, as far as they are known. */
  readonly names: ReadonlyMap<string, string>;
  readonly money: (amount: number) => string;
}

const MOST_NAMED = 4;
const TRAIT_WORDS: Readonly<Record<string, string>> = { ageBand: 'age band' };

/** A rule as one would say it. */
export function ruleSentence(rule: Rule, context: SentenceContext): string {
  if (!isReadable(rule)) return 'A rule that only the document can show.';
  return `${core(rule, context)}${validity(rule, context.timeZone)}.`;
}

function core(rule: Rule, context: SentenceContext): string {
  const products = productsText(rule.products, context);
  const customers = customersText(rule.customers);
  const toCustomers = rule.customers === undefined ? '' : ` to ${customers}`;
  const forCustomers = rule.customers === undefined ? '' : ` for ${customers}`;
  switch (rule.kind) {
    case 'exclude':
      return `Never recommend ${products}${toCustomers}`;
    case 'eligible':
      return `Recommend ${products} only to ${customers}`;
    case 'forbid':
      return `Do not recommend ${products} to whoever has ${productsText(rule.together, context)}`;
    case 'pin':
      return `Put ${nameOf(rule.productId, context)} at place ${rule.position ?? '…'}${forCustomers}`;
    case 'boost':
      return `${changeText(rule.factor, products)}${forCustomers}`;
    case 'minimumRelevance':
      return `Leave out what scores below ${percentText(rule.share ?? 0)} of the best${forCustomers}`;
    case 'dailyCap':
      return `Offer ${products} to one customer at most ${timesText(rule.perCustomer)} a day each`;
    default:
      return `A rule of the kind “${String(rule.kind)}”, which this page does not know`;
  }
}

function changeText(factor: number | undefined, products: string): string {
  if (factor === undefined || factor === 1) return `Leave the scores of ${products} as they are`;
  const verb = factor > 1 ? 'Raise' : 'Lower';
  return factor >= 3
    ? `${verb} ${products} ${plain(factor)} times over`
    : `${verb} ${products} by ${percentText(Math.abs(factor - 1))}`;
}

export function productsText(selector: ProductSelector | undefined, context: SentenceContext): string {
  const { productIds, categories, brands, attributes, minimumPrice, maximumPrice } = selector ?? {};
  const parts: string[] = [];
  if (categories !== undefined) parts.push(`in category ${oneOf(categories)}`);
  if (brands !== undefined) parts.push(`of brand ${oneOf(brands)}`);
  parts.push(...traitParts(attributes));
  if (minimumPrice !== undefined && maximumPrice !== undefined)
    parts.push(`at ${context.money(minimumPrice)} to ${context.money(maximumPrice)}`);
  else if (minimumPrice !== undefined) parts.push(`at ${context.money(minimumPrice)} or more`);
  else if (maximumPrice !== undefined) parts.push(`at ${context.money(maximumPrice)} or less`);
  const named = productIds && oneOf(productIds.map((id) => nameOf(id, context)));
  if (named !== undefined) return parts.length === 0 ? named : `${named} if ${parts.join(' and ')}`;
  return parts.length === 0 ? 'products (say which)' : `products ${parts.join(' and ')}`;
}

export function customersText(selector: CustomerSelector | undefined): string {
  const { customerIds, traits } = selector ?? {};
  const parts = traitParts(traits);
  const named = customerIds && `customer ${oneOf(customerIds)}`;
  if (named !== undefined) return parts.length === 0 ? named : `${named} if ${parts.join(' and ')}`;
  return parts.length === 0 ? 'customers (say which)' : `customers ${parts.join(' and ')}`;
}

function traitParts(traits: Traits | undefined): string[] {
  return Object.entries(traits ?? {}).map(
    ([name, values]) => `with ${TRAIT_WORDS[name] ?? name} ${oneOf(values.map(String))}`,
  );
}

function oneOf(values: readonly string[]): string {
  if (values.length === 0) return '…';
  if (values.length > MOST_NAMED)
    return `${values.slice(0, MOST_NAMED - 1).join(', ')} or one of ${values.length - MOST_NAMED + 1} more`;
  return values.length === 1 ? values[0] : `${values.slice(0, -1).join(', ')} or ${values.at(-1)}`;
}

function nameOf(productId: string | undefined, { names }: SentenceContext): string {
  if (productId === undefined || productId === '') return 'a product (say which)';
  const name = names.get(productId);
  return name === undefined ? productId : `${name} (${productId})`;
}

function validity({ from, until }: Rule, timeZone: string): string {
  const text = (moment: string) =>
    Number.isNaN(Date.parse(moment)) ? `“${moment}”` : momentText(moment, timeZone);
  return [from && `, from ${text(from)}`, until && `, until ${text(until)}`].join('');
}

const percentText = (share: number) => `${plain(100 * share)} %`;
const plain = (value: number) => String(Number(value.toFixed(2)));
const timesText = (count: number | undefined) => (count === 1 ? 'once' : `${count ?? '…'} times`);

export type RuleMoment = 'now' | 'later' | 'over';

/** Whether a rule holds at a moment. */
export function momentOf({ from, until }: Rule, now: number): RuleMoment {
  if (until !== undefined && Date.parse(until) <= now) return 'over';
  return from !== undefined && Date.parse(from) > now ? 'later' : 'now';
}
