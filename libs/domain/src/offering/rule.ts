/** A value of an attribute or fact. */
export type Trait = string | number | boolean;

/** Which products: every part that is given must fit, and one value of a part is enough. */
export interface ProductSelector {
  readonly productIds?: readonly string[];
  readonly categories?: readonly string[];
  readonly brands?: readonly string[];
  readonly attributes?: Readonly<Record<string, readonly Trait[]>>;
  readonly minimumPrice?: number;
  readonly maximumPrice?: number;
}

/** Which customers, in the same way. `traits` are region, country, segment, tier, ageBand, gender, attributes, and facts of the request. */
export interface CustomerSelector {
  readonly customerIds?: readonly string[];
  readonly traits?: Readonly<Record<string, readonly Trait[]>>;
}

interface AnyRule {
  /** The tenant's own name for it, unique in the set. */
  readonly ruleId: string;
  readonly note?: string;
  /** ISO 8601; absent: since ever, for ever. */
  readonly from?: string;
  readonly until?: string;
}

/** Never offered, to anybody or to these customers. */
export interface ExcludeRule extends AnyRule {
  readonly kind: 'exclude';
  readonly products: ProductSelector;
  readonly customers?: CustomerSelector;
}

/** Offered to these customers only. */
export interface EligibleRule extends AnyRule {
  readonly kind: 'eligible';
  readonly products: ProductSelector;
  readonly customers: CustomerSelector;
}

/** Not offered to whoever has bought one of these, or has it in the basket. */
export interface ForbidRule extends AnyRule {
  readonly kind: 'forbid';
  readonly products: ProductSelector;
  readonly together: ProductSelector;
}

/** At this place of the list, counted from 1, if it may be offered at all. */
export interface PinRule extends AnyRule {
  readonly kind: 'pin';
  readonly productId: string;
  readonly position: number;
  readonly customers?: CustomerSelector;
}

/** Scores of these products times a factor. */
export interface BoostRule extends AnyRule {
  readonly kind: 'boost';
  readonly products: ProductSelector;
  readonly factor: number;
  readonly customers?: CustomerSelector;
}

/** Nothing below this share of the list's best score, which may be that of a product that other rules keep away. */
export interface MinimumRelevanceRule extends AnyRule {
  readonly kind: 'minimumRelevance';
  readonly share: number;
  readonly customers?: CustomerSelector;
}

/** Each of these products at most so often a day (UTC) to one customer, as far as one serving node has offered it. */
export interface DailyCapRule extends AnyRule {
  readonly kind: 'dailyCap';
  readonly products: ProductSelector;
  readonly perCustomer: number;
}

export type Rule =
  ExcludeRule | EligibleRule | ForbidRule | PinRule | BoostRule | MinimumRelevanceRule | DailyCapRule;
export type RuleKind = Rule['kind'];

export const MOST_RULES = 500;
