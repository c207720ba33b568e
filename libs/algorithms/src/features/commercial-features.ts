import type { EventColumns } from '../dataset/event-columns.js';
import { customerValue, SPENDING_SEGMENTS, UNKNOWN_SEGMENT, type CustomerValue } from './customer-value.js';
import { priceElasticity, type PriceElasticity } from './price-elasticity.js';
import { PRICE_TIERS, priceStatistics, UNKNOWN_TIER, type PriceStatistics } from './price-statistics.js';
import { purchaseHabits, type PurchaseHabits } from './purchase-habits.js';
import { isPurchaseLine } from './purchase-lines.js';

/** What re-ranking knows of customers and products besides what a model has learnt. Indices are those of the events. */
export interface CommercialFeatures {
  readonly prices: PriceStatistics;
  readonly value: CustomerValue;
  readonly habits: PurchaseHabits;
  readonly elasticity: PriceElasticity;
  /**
   * Segments × price tiers: how much more often than everybody a spending segment buys in a tier (1: as often). Length
   * SPENDING_SEGMENTS.length × PRICE_TIERS.
   */
  readonly tierLift: Float32Array;
}

/**
 * @param cataloguePrices per product, NaN when unknown
 * @param nowSeconds the moment from which recency counts, epoch seconds
 */
export function commercialFeatures(
  events: EventColumns,
  cataloguePrices: Float64Array,
  nowSeconds: number,
): CommercialFeatures {
  const prices = priceStatistics(events, cataloguePrices);
  const value = customerValue(events, nowSeconds);
  const tierLift = liftOfTiers(events, value.spendingSegment, prices.tierOfProduct);
  return { prices, value, habits: purchaseHabits(events), elasticity: priceElasticity(events), tierLift };
}

function liftOfTiers(events: EventColumns, segmentOf: Uint8Array, tierOf: Uint8Array): Float32Array {
  const lines = new Float64Array(SPENDING_SEGMENTS.length * PRICE_TIERS);
  for (let e = 0; e < events.count; e++) {
    if (events.customer[e] < 0 || !isPurchaseLine(events, e)) continue;
    const [segment, tier] = [segmentOf[events.customer[e]], tierOf[events.product[e]]];
    if (segment !== UNKNOWN_SEGMENT && tier !== UNKNOWN_TIER) lines[segment * PRICE_TIERS + tier]++;
  }
  const total = lines.reduce((sum, count) => sum + count, 0);
  return Float32Array.from(lines, (count, cell) => {
    const segment = Math.floor(cell / PRICE_TIERS);
    const ofSegment = sumOver(lines, (c) => Math.floor(c / PRICE_TIERS) === segment);
    const ofTier = sumOver(lines, (c) => c % PRICE_TIERS === cell % PRICE_TIERS);
    return ofSegment === 0 || ofTier === 0 ? 1 : (count * total) / (ofSegment * ofTier);
  });
}

function sumOver(values: Float64Array, isWanted: (cell: number) => boolean): number {
  return values.reduce((sum, value, cell) => (isWanted(cell) ? sum + value : sum), 0);
}
