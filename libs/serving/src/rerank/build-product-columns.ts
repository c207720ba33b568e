import { quantile, type CommercialFeatures } from '#libs/algorithms';
import type { ProductColumns, PromotionColumns } from './product-columns.js';

/** What the tenant's catalogue says of products, by product index. */
export interface CatalogueFacts {
  readonly categories: readonly (string | null)[];
  readonly brands: readonly (string | null)[];
  /** NaN when unknown. */
  readonly margins: Float32Array;
  readonly privateLabel: Uint8Array;
  readonly promotions: PromotionColumns;
}

/** The columns that re-ranking works on, from the night's features and the catalogue. */
export function buildProductColumns(features: CommercialFeatures, facts: CatalogueFacts): ProductColumns {
  const { prices, habits, elasticity, tierLift } = features;
  const sold = habits.buyersOfProduct.filter((buyers) => buyers > 0).sort();
  const known = facts.margins.filter((margin) => !Number.isNaN(margin));
  return {
    count: prices.priceOfProduct.length,
    price: prices.priceOfProduct,
    priceTier: prices.tierOfProduct,
    pricePercentile: prices.percentileOfProduct,
    elasticity: elasticity.classOfProduct,
    category: numbered(facts.categories),
    brand: numbered(facts.brands),
    margin: facts.margins,
    meanMargin: known.reduce((sum, margin) => sum + margin, 0) / known.length,
    privateLabel: facts.privateLabel,
    buyers: habits.buyersOfProduct,
    typicalBuyers: sold.length === 0 ? 0 : quantile(sold, 0.5),
    tierLift,
    promotions: facts.promotions,
  };
}

/** A number for each different label, in the order of appearance; -1 for none. */
function numbered(labels: readonly (string | null)[]): Int32Array {
  const numbers = new Map<string, number>();
  return Int32Array.from(labels, (label) => {
    if (label === null || label === '') return -1;
    const known = numbers.get(label) ?? numbers.size;
    numbers.set(label, known);
    return known;
  });
}

export const NO_PROMOTIONS: PromotionColumns = {
  product: new Int32Array(0),
  discount: new Float32Array(0),
  from: new Float64Array(0),
  until: new Float64Array(0),
};
