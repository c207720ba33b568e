import type {
  BoostRule,
  CustomerSelector,
  DailyCapRule,
  MinimumRelevanceRule,
  PinRule,
  ProductSelector,
  RetiredProduct,
  Rule,
} from '#libs/domain';
import { selectProducts, type SelectableProducts } from './select-products.js';

/** Products that some customers are not offered: those who are meant, or those who are not. */
export interface ConditionalFilter {
  readonly products: Uint8Array;
  readonly customers: CustomerSelector;
  readonly hiddenFrom: 'meant' | 'others';
}

/** A tenant's rules against the products of one file, as they hold at one moment. */
export interface CompiledRules {
  /** 1 = nobody is offered it; undefined when that holds for no product. */
  readonly hidden: Uint8Array | undefined;
  readonly filters: readonly ConditionalFilter[];
  readonly forbidden: readonly { readonly products: Uint8Array; readonly together: Uint8Array }[];
  readonly boosts: readonly { readonly rule: BoostRule; readonly products: Uint8Array }[];
  readonly pins: readonly { readonly rule: PinRule; readonly product: number }[];
  readonly minimums: readonly MinimumRelevanceRule[];
  readonly caps: readonly { readonly rule: DailyCapRule; readonly products: Uint8Array }[];
  /** Whether `hidden` is all there is: then a list is answered without looking at the customer. */
  readonly isPlain: boolean;
  /** Epoch milliseconds from which on something begins or ends. */
  readonly validUntil: number;
}

export interface RuleSource {
  readonly rules: readonly Rule[];
  readonly retired: readonly RetiredProduct[];
}

/**
 * O(rules × products): done when rules, retirements or the file change, never for a request.
 * @param now epoch milliseconds
 */
export function compileRules(
  { rules, retired }: RuleSource,
  productIds: readonly string[],
  catalogue: SelectableProducts | undefined,
  now: number,
): CompiledRules {
  const active = rules.filter(({ from, until }) => startOf(from) <= now && now < endOf(until));
  const of = <K extends Rule['kind']>(kind: K) =>
    active.filter((rule): rule is Extract<Rule, { kind: K }> => rule.kind === kind);
  const select = (selector: ProductSelector) => selectProducts(productIds, catalogue, selector);
  const indexOf = new Map(productIds.map((id, index) => [id, index]));
  const hidden = retiredNow(retired, indexOf, productIds.length, now);
  const filters: ConditionalFilter[] = [];
  for (const { products, customers } of of('exclude')) {
    const picked = select(products);
    if (customers === undefined) picked.forEach((isPicked, p) => (hidden[p] |= isPicked));
    else filters.push({ products: picked, customers, hiddenFrom: 'meant' });
  }
  for (const { products, customers } of of('eligible'))
    filters.push({ products: select(products), customers, hiddenFrom: 'others' });
  const rest = {
    filters,
    forbidden: of('forbid').map((rule) => ({
      products: select(rule.products),
      together: select(rule.together),
    })),
    boosts: of('boost').map((rule) => ({ rule, products: select(rule.products) })),
    pins: of('pin').flatMap((rule) => {
      const product = indexOf.get(rule.productId);
      return product === undefined ? [] : [{ rule, product }];
    }),
    minimums: of('minimumRelevance'),
    caps: of('dailyCap').map((rule) => ({ rule, products: select(rule.products) })),
  };
  return {
    hidden: hidden.includes(1) ? hidden : undefined,
    ...rest,
    isPlain: Object.values(rest).every(({ length }) => length === 0),
    validUntil: nextChange(rules, retired, now),
  };
}

function retiredNow(
  retired: readonly RetiredProduct[],
  indexOf: ReadonlyMap<string, number>,
  products: number,
  now: number,
): Uint8Array {
  const hidden = new Uint8Array(products);
  for (const { productId, availableFrom = -Infinity, retiredAt = Infinity } of retired) {
    const product = indexOf.get(productId);
    if (product !== undefined && (now < availableFrom || retiredAt <= now)) hidden[product] = 1;
  }
  return hidden;
}

function startOf(from: string | undefined): number {
  return from === undefined ? -Infinity : Date.parse(from);
}

function endOf(until: string | undefined): number {
  return until === undefined ? Infinity : Date.parse(until);
}

function nextChange(rules: readonly Rule[], retired: readonly RetiredProduct[], now: number): number {
  let next = Infinity;
  const consider = (moment: number) => {
    if (moment > now && moment < next) next = moment;
  };
  for (const { from, until } of rules) [startOf(from), endOf(until)].forEach(consider);
  for (const { availableFrom = -Infinity, retiredAt = Infinity } of retired)
    [availableFrom, retiredAt].forEach(consider);
  return next;
}
