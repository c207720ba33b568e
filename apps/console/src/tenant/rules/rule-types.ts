/** A rule as the API takes it; what the form does not know stays as it is. */
export type Trait = string | number | boolean;
export type Traits = Readonly<Record<string, readonly Trait[]>>;

export interface ProductSelector {
  readonly productIds?: readonly string[];
  readonly categories?: readonly string[];
  readonly brands?: readonly string[];
  readonly attributes?: Traits;
  readonly minimumPrice?: number;
  readonly maximumPrice?: number;
}

export interface CustomerSelector {
  readonly customerIds?: readonly string[];
  readonly traits?: Traits;
}

export type RuleKind = 'exclude' | 'eligible' | 'forbid' | 'pin' | 'boost' | 'minimumRelevance' | 'dailyCap';

export interface Rule {
  readonly ruleId: string;
  readonly kind: RuleKind;
  readonly note?: string;
  readonly from?: string;
  readonly until?: string;
  readonly products?: ProductSelector;
  readonly together?: ProductSelector;
  readonly customers?: CustomerSelector;
  readonly productId?: string;
  readonly position?: number;
  readonly factor?: number;
  readonly share?: number;
  readonly perCustomer?: number;
}

export type Rules = readonly Rule[];

const LISTS: readonly string[] = ['productIds', 'categories', 'brands', 'customerIds'];
const TRAITS: readonly string[] = ['attributes', 'traits'];

/** Whether the form and the sentences can read it: a document may hold anything, and the server says what is wrong with it. */
export function isReadable(rule: Rule): boolean {
  const { products, together, customers, ruleId, from, until } = rule;
  const texts = [ruleId, from ?? '', until ?? ''];
  return (
    texts.every((text) => typeof text === 'string') &&
    [products, together, customers].every((selector) => selector === undefined || isSelector(selector))
  );
}

function isSelector(value: unknown): boolean {
  if (!isObject(value)) return false;
  return Object.entries(value).every(([name, held]) => {
    if (LISTS.includes(name)) return isList(held);
    return !TRAITS.includes(name) || (isObject(held) && Object.values(held).every(isList));
  });
}

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isList = (value: unknown): boolean =>
  Array.isArray(value) && value.every((item) => ['string', 'number', 'boolean'].includes(typeof item));
