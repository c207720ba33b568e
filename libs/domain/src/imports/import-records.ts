import type { ImportedInteractionType } from './import-entity.js';

/** Rows that are typed already, such as a simulated world's; an absent field leaves what is stored untouched. */
export interface InteractionRecord {
  readonly eventId: string;
  readonly type: ImportedInteractionType;
  /** Absent when nobody could be told apart; such rows still teach what is bought together. */
  readonly customerId?: string | null;
  readonly productId: string;
  readonly occurredAt: Date;
  readonly quantity?: number | null;
  readonly unitPrice?: number | null;
  readonly rating?: number | null;
  readonly orderId?: string | null;
  readonly channel?: string | null;
  readonly offerId?: string | null;
}

export interface CustomerRecord {
  readonly customerId: string;
  readonly region?: string | null;
  readonly country?: string | null;
  readonly ageBand?: string | null;
  readonly gender?: string | null;
  readonly tier?: string | null;
  readonly segment?: string | null;
  readonly createdAt?: Date | null;
  readonly attributes?: Readonly<Record<string, unknown>> | null;
}

export interface ProductRecord {
  readonly productId: string;
  readonly name?: string | null;
  readonly category?: string | null;
  readonly brand?: string | null;
  readonly description?: string | null;
  readonly price?: number | null;
  readonly availableFrom?: Date | null;
  readonly retiredAt?: Date | null;
  readonly attributes?: Readonly<Record<string, unknown>> | null;
}

export interface OfferRecord {
  readonly offerId: string;
  readonly productId: string;
  readonly name?: string | null;
  readonly price?: number | null;
  readonly validFrom?: Date | null;
  readonly validUntil?: Date | null;
}

export interface PromotionRecord {
  readonly promotionId: string;
  readonly name?: string | null;
  readonly productIds?: readonly string[] | null;
  readonly discountShare?: number | null;
  readonly validFrom?: Date | null;
  readonly validUntil?: Date | null;
}

export interface EntityRecords {
  readonly interactions: InteractionRecord;
  readonly customers: CustomerRecord;
  readonly products: ProductRecord;
  readonly offers: OfferRecord;
  readonly promotions: PromotionRecord;
}
