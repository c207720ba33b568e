import { PRICE_TIERS, UNKNOWN_SEGMENT, UNKNOWN_TIER } from '#libs/algorithms';

/** What re-ranking knows of products; cell p of each column describes product p. */
export interface ProductColumns {
  readonly count: number;
  /** NaN when unknown. */
  readonly price: Float32Array;
  readonly priceTier: Uint8Array;
  readonly pricePercentile: Float32Array;
  /** Index into ELASTICITY_CLASSES. */
  readonly elasticity: Uint8Array;
  /** Numbers that stand for categories and brands; -1 for none. */
  readonly category: Int32Array;
  readonly brand: Int32Array;
  /** Share of the price that is earned; NaN when unknown. */
  readonly margin: Float32Array;
  readonly meanMargin: number;
  /** 1 = the tenant's own brand. */
  readonly privateLabel: Uint8Array;
  readonly buyers: Int32Array;
  /** Median over products that anybody has bought. */
  readonly typicalBuyers: number;
  /** Spending segments × price tiers: see CommercialFeatures. */
  readonly tierLift: Float32Array;
  readonly promotions: PromotionColumns;
}

/** One row for each product of each promotion; epoch seconds, open ends are infinite. */
export interface PromotionColumns {
  readonly product: Int32Array;
  /** Share of the price. */
  readonly discount: Float32Array;
  readonly from: Float64Array;
  readonly until: Float64Array;
}

/** What re-ranking knows of one customer: the night's features, or nothing at all for a stranger. */
export interface CustomerView {
  /** Mean unit price of what they bought; NaN when unknown. */
  readonly meanPrice: number;
  /** Index into SPENDING_SEGMENTS, or UNKNOWN_SEGMENT. */
  readonly spendingSegment: number;
  /** What they bought. */
  readonly products: Int32Array;
  /** Days since the epoch. */
  readonly lastDays: Int32Array;
  readonly cycleDays: Float32Array;
}

export const STRANGER: CustomerView = {
  meanPrice: NaN,
  spendingSegment: UNKNOWN_SEGMENT,
  products: new Int32Array(0),
  lastDays: new Int32Array(0),
  cycleDays: new Float32Array(0),
};

/** NaN where segment or tier are unknown. */
export function liftFor(segment: number, { priceTier, tierLift }: ProductColumns, product: number): number {
  const tier = priceTier[product];
  return segment === UNKNOWN_SEGMENT || tier === UNKNOWN_TIER ? NaN : tierLift[segment * PRICE_TIERS + tier];
}

/** Discount of each product that is on promotion now, the largest of several. */
export function discountsAt(promotions: PromotionColumns, nowSeconds: number): ReadonlyMap<number, number> {
  const discounts = new Map<number, number>();
  promotions.product.forEach((product, row) => {
    if (promotions.from[row] > nowSeconds || promotions.until[row] < nowSeconds) return;
    discounts.set(product, Math.max(discounts.get(product) ?? 0, promotions.discount[row]));
  });
  return discounts;
}

/** Likeness of two products, 0 to 1: the same category weighs most, then brand, then price tier. */
export function likeness(columns: ProductColumns, a: number, b: number): number {
  const { category, brand, priceTier } = columns;
  return (
    (category[a] >= 0 && category[a] === category[b] ? 0.6 : 0) +
    (brand[a] >= 0 && brand[a] === brand[b] ? 0.25 : 0) +
    (priceTier[a] !== UNKNOWN_TIER && priceTier[a] === priceTier[b] ? 0.15 : 0)
  );
}
