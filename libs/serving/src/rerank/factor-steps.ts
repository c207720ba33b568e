import { RERANKING_STEP_NAMES, type RerankingSettings, type RerankingStepName } from '#libs/domain';
import type { CustomerOnProducts } from './customer-on-products.js';
import { liftFor, type CustomerView, type ProductColumns } from './product-columns.js';
import { margin } from './steps/margin.js';
import { maximumPriceRatio } from './steps/maximum-price-ratio.js';
import { popularityDebiasing } from './steps/popularity-debiasing.js';
import { priceBoost } from './steps/price-boost.js';
import { priceSensitivity } from './steps/price-sensitivity.js';
import { privateLabel } from './steps/private-label.js';
import { promotion } from './steps/promotion.js';
import { repurchaseCycle } from './steps/repurchase-cycle.js';
import { serendipity } from './steps/serendipity.js';
import { spendingSegment } from './steps/spending-segment.js';
import { upsell } from './steps/upsell.js';

/** Customer and products as the steps see them. */
export interface Scene {
  readonly products: ProductColumns;
  readonly customer: CustomerOnProducts;
  readonly view: CustomerView;
  readonly discounts: ReadonlyMap<number, number>;
  /** Days since the epoch, with a fraction. */
  readonly nowDay: number;
}

/** A step that multiplies the score of each product by a number; 0 hides it. */
export interface FactorStep {
  readonly name: RerankingStepName;
  readonly factorOf: (product: number, scene: Scene) => number;
}

/** The multiplying steps that are on, in the order of RERANKING_STEPS. */
export function activeFactors({ steps }: RerankingSettings): FactorStep[] {
  const all: Partial<Record<RerankingStepName, FactorStep['factorOf']>> = {
    repurchaseCycle: (p, { customer, nowDay }) =>
      repurchaseCycle(customer.elapsedDays(p, nowDay), customer.cycleDays(p), steps.repurchaseCycle),
    maximumPriceRatio: (p, { customer }) =>
      maximumPriceRatio(customer.priceRatio(p), steps.maximumPriceRatio),
    priceSensitivity: (p, { customer, products }) =>
      priceSensitivity(customer.priceRatio(p), products.elasticity[p], steps.priceSensitivity),
    spendingSegment: (p, { view, products }) =>
      spendingSegment(liftFor(view.spendingSegment, products, p), steps.spendingSegment),
    upsell: (p, { customer }) => upsell(customer.priceRatio(p), steps.upsell),
    priceBoost: (p, { products }) => priceBoost(products.pricePercentile[p], steps.priceBoost),
    margin: (p, { products }) => margin(products.margin[p], products.meanMargin, steps.margin),
    privateLabel: (p, { products }) => privateLabel(products.privateLabel[p] === 1, steps.privateLabel),
    promotion: (p, { discounts }) => promotion(discounts.get(p) ?? NaN, steps.promotion),
    serendipity: (p, { customer }) => serendipity(customer.categoryShare(p), steps.serendipity),
    popularityDebiasing: (p, { products }) =>
      popularityDebiasing(products.buyers[p], products.typicalBuyers, steps.popularityDebiasing),
  };
  return RERANKING_STEP_NAMES.flatMap((name) => {
    const factorOf = all[name];
    return factorOf === undefined || !steps[name].enabled ? [] : [{ name, factorOf }];
  });
}
