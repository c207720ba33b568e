import {
  LOYALTY_TIERS,
  quantile,
  SPENDING_SEGMENTS,
  type CommercialFeatures,
  type EventColumns,
} from '#libs/algorithms';
import type { Insights, NamedCount, PriceQuartiles } from '#libs/serving';
import type { Snapshot } from '../snapshot/snapshot.js';
import { categoryResponses, countClasses, strongest } from './price-responses.js';
import { repurchaseCycles } from './repurchase-cycles.js';

const DAY_SECONDS = 86_400;

export type InsightSource = Pick<
  Snapshot,
  'events' | 'productIds' | 'names' | 'categories' | 'watermarkSeconds'
>;

/** What a person would like to know of what the night knows anyway. */
export function buildInsights(snapshot: InsightSource, features: CommercialFeatures): Insights {
  const { events, categories, watermarkSeconds } = snapshot;
  const { elasticity, value, prices } = features;
  return {
    watermark: new Date(watermarkSeconds * 1000).toISOString(),
    days: daysOf(events, watermarkSeconds),
    elasticity: countClasses(elasticity.classOfProduct),
    sensitiveProducts: strongest(snapshot, elasticity, 'sensitive'),
    insensitiveProducts: strongest(snapshot, elasticity, 'insensitive'),
    categoryResponses: categoryResponses(snapshot, elasticity),
    ...repurchaseCycles(events, categories, watermarkSeconds),
    loyaltyTiers: countNames(LOYALTY_TIERS, value.tier),
    spendingSegments: countNames(SPENDING_SEGMENTS, value.spendingSegment),
    prices: priceQuartiles(prices.priceOfProduct),
  };
}

function daysOf({ timeSeconds, count }: EventColumns, watermarkSeconds: number): number {
  let first = watermarkSeconds;
  for (let e = 0; e < count; e++) first = Math.min(first, timeSeconds[e]);
  return count === 0 ? 0 : Math.floor(watermarkSeconds / DAY_SECONDS) - Math.floor(first / DAY_SECONDS) + 1;
}

/** Whoever has never bought has none of the names. */
function countNames(names: readonly string[], of: Uint8Array): NamedCount[] {
  const counts = new Array<number>(names.length).fill(0);
  for (const index of of) if (index < names.length) counts[index]++;
  return names.map((name, index) => ({ name, count: counts[index] }));
}

function priceQuartiles(priceOfProduct: Float32Array): PriceQuartiles | null {
  const sorted = Float64Array.from(priceOfProduct)
    .filter((price) => !Number.isNaN(price))
    .sort();
  if (sorted.length === 0) return null;
  return {
    ...{ products: sorted.length, lowest: sorted[0], highest: sorted[sorted.length - 1] },
    ...{ lower: quantile(sorted, 0.25), median: quantile(sorted, 0.5), upper: quantile(sorted, 0.75) },
  };
}
