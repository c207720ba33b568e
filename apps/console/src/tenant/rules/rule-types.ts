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
