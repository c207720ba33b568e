import type { ProductSelector, Trait } from '#libs/domain';

/** What has just been learnt: from the request, and from what the customer has done a moment ago. */
export interface Session {
  readonly basket: readonly string[];
  readonly viewed: readonly string[];
  readonly searched: readonly string[];
  readonly facts: Readonly<Record<string, Trait>>;
  /** Bought a moment ago: it speaks for its neighbours and is not offered again. */
  readonly bought: readonly string[];
  readonly rejected: readonly string[];
}

export const NO_SESSION: Session = {
  basket: [],
  viewed: [],
  searched: [],
  facts: {},
  bought: [],
  rejected: [],
};

/** A request that a look-up cannot answer. */
export interface LiveRequest {
  readonly customerId: string | undefined;
  readonly count: number;
  readonly country: string | undefined;
  readonly segment: string | undefined;
  readonly session: Session;
  readonly excludeProductIds: readonly string[];
  readonly filter: ProductSelector | undefined;
  /** 0 to 1; undefined: as the tenant has set it. */
  readonly diversity: number | undefined;
  readonly explain: boolean;
}
