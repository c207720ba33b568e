/** Rows of a world in the shape of the universal schema, before they belong to a tenant's tables. */

export interface SimulatedTenant {
  slug: string;
  name: string;
  /** IANA name; the tenant's midnight. */
  timeZone: string;
  /** ISO 4217. */
  currency: string;
  /** Whether customers buy the same product again: decides if a recommender may repeat what was bought. */
  repeatPurchases: boolean;
}

export interface SimulatedCustomer {
  customerId: string;
  region: string;
  /** ISO 3166-1 alpha-2. */
  country: string;
  ageBand: string;
  gender: string;
  tier: string;
  segment?: string;
  createdAt: Date;
}

export interface SimulatedProduct {
  productId: string;
  name: string;
  category: string;
  brand: string;
  description: string;
  /** The list price at the world's `untilDate`, in the tenant's currency. */
  price: number;
  attributes: Record<string, string | number | boolean>;
  availableFrom: Date;
  retiredAt?: Date;
}

export interface SimulatedOffer {
  offerId: string;
  productId: string;
  name: string;
  price: number;
  validFrom: Date;
  validUntil: Date;
}

export interface SimulatedPromotion {
  promotionId: string;
  name: string;
  productIds: string[];
  /** Share of the list price that is taken off, 0 to 1. */
  discountShare: number;
  validFrom: Date;
  validUntil: Date;
}

export type InteractionType = 'view' | 'search' | 'click' | 'cart' | 'purchase' | 'rating' | 'return';

export interface SimulatedInteraction {
  /** Unique within the world and the same in every run of it. */
  eventId: string;
  type: InteractionType;
  /** Absent when nobody could be told apart, such as a till without a loyalty card. */
  customerId?: string;
  productId: string;
  occurredAt: Date;
  /** Pieces; negative on a return, 0 where nothing was handed over (views, searches, clicks, ratings). */
  quantity: number;
  unitPrice: number;
  orderId?: string;
  channel: string;
  offerId?: string;
  /** 1 to 5, on ratings alone. */
  rating?: number;
}

export type ResponseKind = 'accepted' | 'rejected' | 'ignored';

export interface SimulatedResponse {
  productId: string;
  response: ResponseKind;
}

/** What somebody did with a list that was shown to them. */
export interface SimulatedFeedback {
  eventId: string;
  recommendationId: string;
  customerId: string;
  productId: string;
  kind: 'shown' | 'accepted' | 'rejected' | 'bought';
  /** From 1, of what is shown. */
  position?: number;
  quantity?: number;
  unitPrice?: number;
  occurredAt: Date;
}
